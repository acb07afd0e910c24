/** Tables for terminals, without lines. */
import Table from "cli-table3";
import type { Colors } from "picocolors/types";

const BORDERLESS = {
  top: "", "top-mid": "", "top-left": "", "top-right": "", bottom: "", "bottom-mid": "", "bottom-left": "", "bottom-right": "",
  left: " ", "left-mid": "", mid: "", "mid-mid": "", right: "", "right-mid": "", middle: " ",
} as const; // prettier-ignore

/** Characters of a line that every terminal, and every window beside another, has room for. */
export const WIDTH = 110;

export interface TableOptions {
  /** Of the columns. @default - left */
  readonly aligns?: readonly ("left" | "right")[];
  /**
   * Characters of a line, which one column keeps by taking what the others leave, though never less than 14. Its lines that are too long go on
   * with an indent. @default - as wide as its columns are
   */
  readonly fit?: { readonly column: number; readonly width: number };
}

/**
 * Rows under a head; cells wrap at the width of their column, in characters, and are no wider than they need.
 *
 * @param widths of the columns, each with the blanks beside its text
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  widths: readonly number[],
  colors: Colors,
  { aligns = [], fit }: TableOptions = {},
): string {
  const all = [head, ...rows];
  // What has to fit has one blank less between columns.
  const padding = fit ? 1 : 2;
  const needed = widths.map((width, column) => Math.min(width, padding + widest(all.map((row) => row[column] ?? ""))));
  if (fit) {
    const others = needed.reduce((sum, width, column) => sum + (column === fit.column ? 0 : width), 0);
    const left = Math.max(14, fit.width - others - needed.length - 1 - padding) + padding;
    needed[fit.column] = Math.min(needed[fit.column] ?? 0, left);
  }
  const cell = (text: string, column: number): string =>
    column === fit?.column ? wrap(text, (needed[column] ?? 0) - padding) : text;
  const made = new Table({
    head: head.map((title) => title.split("\n").map(colors.dim).join("\n")),
    chars: fit ? { ...BORDERLESS, left: "  " } : BORDERLESS,
    style: { head: [], border: [], compact: true, ...(fit && { "padding-left": 0 }) },
    colWidths: needed,
    colAligns: [...aligns],
    wordWrap: true,
    wrapOnWordBoundary: true,
  });
  made.push(...rows.map((row) => head.map((_, column) => cell(row[column] ?? "", column))));
  return made
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

const widest = (cells: readonly string[]): number =>
  Math.max(...cells.flatMap((text) => lines(plain(text)).map((line) => line.length)));

/** Lines of at most so many characters; what is too long goes on below, two characters further in than it began. */
export function wrap(text: string, width: number): string {
  return lines(text)
    .map((line) => (plain(line).length <= width ? line : wrapLine(line, width)))
    .join("\n");
}

function wrapLine(text: string, width: number): string {
  const [begin = "", indent = "", words = "", end = ""] = LINE.exec(text)?.slice(1) ?? ["", "", text, ""];
  const [first = "", ...rest] = words.split(" ").flatMap((word) => pieces(word, width - indent.length - 2));
  const made = rest.reduce<readonly string[]>(
    (all, word) => {
      const last = all.at(-1) ?? "";
      return last.length + 1 + word.length <= width
        ? [...all.slice(0, -1), `${last} ${word}`]
        : [...all, `${indent}  ${word}`];
    },
    [`${indent}${first}`],
  );
  // Each line has its colour, or the columns beside it would have it, too.
  return made.map((line) => `${begin}${line}${end}`).join("\n");
}

/** A word that no line has room for, cut behind a dash or a slash where there is one. */
function pieces(word: string, width: number): readonly string[] {
  if (word.length <= width) return [word];
  const cut = Math.max(...["-", "/"].map((mark) => word.lastIndexOf(mark, width - 1))) + 1 || width;
  return [word.slice(0, cut), ...pieces(word.slice(cut), width)];
}

const lines = (text: string): readonly string[] => text.split("\n");

/* eslint-disable no-control-regex -- the sequences that colour text */
const LINE = /^((?:\u001b\[\d+m)*)( *)(.*?)((?:\u001b\[\d+m)*)$/;
const plain = (text: string): string => text.replace(/\u001b\[\d+m/g, "");
