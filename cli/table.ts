import Table from "cli-table3";
import type { Colors } from "picocolors/types";
import { BORDERLESS } from "../review/terminal";

/**
 * Rows under a head, without lines; cells wrap at the width of their column, in characters, and are no wider than they need.
 *
 * @param aligns of the columns; left by default
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  widths: readonly number[],
  colors: Colors,
  aligns: readonly ("left" | "right")[] = [],
): string {
  const needed = widths.map((width, column) =>
    Math.min(
      width,
      2 +
        Math.max(
          ...[head, ...rows].flatMap((row) =>
            plain(row[column] ?? "")
              .split("\n")
              .map((line) => line.length),
          ),
        ),
    ),
  );
  const made = new Table({
    head: head.map((title) => colors.dim(title)),
    chars: BORDERLESS,
    style: { head: [], border: [], compact: true },
    colWidths: needed,
    colAligns: [...aligns],
    wordWrap: true,
    wrapOnWordBoundary: true,
  });
  made.push(...rows.map((row) => head.map((_, column) => row[column] ?? "")));
  return made
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

// eslint-disable-next-line no-control-regex -- the sequences that colour text
const plain = (text: string): string => text.replace(/\u001b\[\d+m/g, "");

/** `1 error`, `2 errors`. */
export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;
