/** Text that is safe in Markdown, whatever is in it. */

/** A fence is one backtick longer than the longest run in what it holds: https://spec.commonmark.org/0.31.2/#fenced-code-blocks */
export function fenced(text: string, language = ""): string {
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text}\n${fence}`;
}

const longestRun = (text: string): number =>
  (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);

/** Inline code, also with backticks in it; on one line, and safe in a table. */
export function code(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  if (line === "") return "` `";
  const fence = "`".repeat(longestRun(line) + 1);
  const space = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${fence}${space}${line.replaceAll("|", "\\|")}${space}${fence}`;
}

const INVISIBLE = "\u200b";

/** Text that is only text: no markup, no HTML, nobody mentioned, no issue linked. */
export const plain = (text: string): string =>
  text
    .replace(/\s+/g, " ")
    .replace(/&/g, "&amp;")
    .replace(/[\\`*{}[\]<>|~]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, (character) => `\\${character}`)
    .replace(/@(?=\w)/g, `@${INVISIBLE}`)
    .replace(/#(?=\d)/g, `#${INVISIBLE}`)
    .replace(/^([-+>#])/, "\\$1")
    .replace(/^(\d+)([.)])(?=\s)/, "$1\\$2");

/** Text inside HTML, on one line. */
export const html = (text: string): string =>
  text
    .replace(/\s+/g, " ")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/@(?=\w)/g, `@${INVISIBLE}`);
