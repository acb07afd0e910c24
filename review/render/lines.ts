/** One difference as the lines of a diff: `-` what goes, `+` what comes, a space for what stays. */
import { stringify } from "yaml";
import type { Json } from "../../policies/plan/synthesized-stack";
import type { Difference } from "../read/difference";
import type { ObjectChange } from "../review";

export function differenceLines({ path, patch, forces, ...sides }: Difference): readonly string[] {
  // Of long lists only what goes and what comes is told, and where nothing goes, nothing is.
  const [before, after] = [told(sides.before, sides.after), told(sides.after, sides.before)];
  const why = forces === true ? "  # forces replacement" : "";
  if (patch !== undefined) return [`  ${path}:${why}`, ...patch.split("\n")];
  return [
    ...(before === undefined ? [] : marked("-", path, before, why)),
    ...(after === undefined ? [] : marked("+", path, after, before === undefined ? why : "")),
    ...(before === undefined && after === undefined ? [`  ${path}: changes${why}`] : []),
  ];
}

const told = (value: Json | undefined, other: Json | undefined): Json | undefined =>
  Array.isArray(value) && value.length === 0 && Array.isArray(other) && other.length > 0 ? undefined : value;

function marked(mark: string, path: string, value: Json, why: string): string[] {
  if (typeof value !== "object" || value === null)
    return scalar(value).map((line, index) => (index === 0 ? `${mark} ${path}: ${line}${why}` : `${mark}   ${line}`));
  const lines = stringify(value, { lineWidth: 0 }).trimEnd().split("\n");
  return [`${mark} ${path}:${why}`, ...lines.map((line) => `${mark}   ${line}`)];
}

/** Several lines stay several; one with a blank at an end shows it. */
function scalar(value: string | number | boolean | null): string[] {
  if (typeof value !== "string") return [String(value)];
  if (value.includes("\n")) return ["|", ...value.trimEnd().split("\n")];
  return [value !== value.trim() ? JSON.stringify(value) : value];
}

/** What only the apply will tell, said only where nothing else says why an object changes. */
export const unknownLine = ({
  unknown,
  differences,
}: Pick<ObjectChange, "unknown" | "differences">): readonly string[] =>
  unknown.length === 0 || differences.length > 0
    ? []
    : [
        `! known after the apply only: ${unknown.slice(0, 6).join(", ")}${unknown.length > 6 ? `, and ${unknown.length - 6} more` : ""}`,
      ];

export const ACTION_WORDS: Readonly<Record<ObjectChange["action"], string>> = {
  delete: "destroy",
  replace: "replace",
  update: "change",
  create: "create",
  forget: "forget",
  read: "read",
  none: "move",
};

/** `it goes because nothing in the config asks for it any more` and its like; empty where there is nothing to add. */
export function reasonWords(reason: string | undefined): string {
  const words: Readonly<Record<string, string>> = {
    delete_because_no_resource_config: "no longer in the config",
    delete_because_no_module: "its module is no longer in the config",
    delete_because_wrong_repetition: "no longer one of several",
    delete_because_count_index: "beyond the count",
    delete_because_each_key: "its key is no longer there",
    delete_because_no_move_target: "nothing is where it was to move",
    replace_because_tainted: "its last creation failed halfway",
    replace_because_cannot_update: "cannot be changed in place",
    replace_by_request: "asked for by -replace",
    replace_by_triggers: "something that it names as a trigger changes",
    read_because_config_unknown: "what it asks for is known after the apply only",
    read_because_dependency_pending: "waits for what changes before it",
    read_because_check_nested: "part of a check",
  };
  if (reason === undefined) return "";
  return (Object.hasOwn(words, reason) ? words[reason] : undefined) ?? reason.replaceAll("_", " ");
}

/** Cut between characters, never within one. */
export const cut = (text: string, width: number): string =>
  text.length > width ? `${text.slice(0, width - 1).replace(/[\ud800-\udbff]$/, "")}…` : text;
