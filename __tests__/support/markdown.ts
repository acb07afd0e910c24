/** Tables of Markdown pages that tests compute. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A table, a line each row, without the spaces by which prettier aligns its columns: a changed row is a changed line. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** The table below a heading of a page in docs/, without those spaces. */
export function tableBelow(page: string, heading: string): string {
  const lines = readFileSync(join(__dirname, "..", "..", "docs", page), "utf8").split("\n");
  const start = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, "") === heading);
  if (start < 0) throw new Error(`docs/${page} has no heading "${heading}"`);
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => /^#+ /.test(line));
  return (end < 0 ? rest : rest.slice(0, end))
    .filter((line) => line.startsWith("|"))
    .map((line) => line.replace(/ +\|/g, " |").replace(/\| +/g, "| ").replace(/-{3,}/g, "---"))
    .join("\n");
}
