import { diffLines } from "diff";
import { HIDDEN, hideText } from "./secrets";

/** Lines around a change that say where it is. */
const CONTEXT = 2;

/** Changed lines of a long text with a few around them; the whole text is masked before, for secrets of several lines. */
export function patchOf(before: string, after: string): string {
  const parts = diffLines(hideText(before), hideText(after));
  const lines = parts.flatMap(({ value, added, removed }, index) => {
    const all = value.replace(/\n$/, "").split("\n");
    if (added || removed) return all.map((line) => `${added ? "+" : "-"} ${line}`);
    const head = index === 0 ? [] : all.slice(0, CONTEXT);
    const tail = index === parts.length - 1 ? [] : all.slice(-CONTEXT);
    return all.length <= head.length + tail.length
      ? all.map((line) => `  ${line}`)
      : [...head.map((line) => `  ${line}`), "  …", ...tail.map((line) => `  ${line}`)];
  });
  return lines.length === 0 || parts.every(({ added, removed }) => !added && !removed)
    ? `  ${HIDDEN}, changed`
    : lines.join("\n");
}
