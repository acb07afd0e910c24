/** Places in a config, as people write them: `teams.checkout.quota.cpu`, `clusters.aws-platform.access.public[0]`, `labels["example.com/disk"]`. */

export type Path = readonly (string | number)[];

/** `["teams", "checkout", "cpus", 0]` → `teams.checkout.cpus[0]`; keys that hold more than letters, digits, `-` and `_` are quoted. */
export function showPath(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    if (!/^[\w-]+$/.test(key)) return `${text}[${JSON.stringify(key)}]`;
    return text === "" ? key : `${text}.${key}`;
  }, "");
}

/** What stands at a place. @default - undefined, where there is nothing */
export function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, key) => (isTree(inner) ? inner[key as string] : undefined), value);
}

/** A copy in which another value stands at a place; without one, nothing does. Only what is on the way is copied. */
export function withAt(value: unknown, [key, ...rest]: Path, other: unknown): unknown {
  if (key === undefined) return other;
  const inner = withAt(isTree(value) ? value[key as string] : undefined, rest, other);
  if (Array.isArray(value)) {
    const items = value as readonly unknown[];
    return inner === undefined && rest.length === 0
      ? items.filter((_item, index) => index !== key)
      : items.map((item, index) => (index === key ? inner : item));
  }
  const { [key as string]: _before, ...others } = isTree(value) ? value : {};
  // In its place, because the order of keys is the order in which people read.
  if (inner === undefined) return others;
  return isTree(value) && key in value ? { ...value, [key]: inner } : { ...others, [key]: inner };
}

/** Everything below a place that has nothing below itself, in the order of the config. */
export function leavesOf(value: unknown, path: Path = []): readonly Path[] {
  if (!isTree(value)) return value === undefined ? [] : [path];
  return childrenOf(value).flatMap((key) => leavesOf(value[key as string], [...path, key]));
}

/** Keys of a map, indexes of a list, nothing of anything else. */
export function childrenOf(value: unknown): Path {
  if (Array.isArray(value)) return value.map((_item, index) => index);
  return isTree(value) ? Object.keys(value).filter((key) => value[key] !== undefined) : [];
}

/** A way to a place, as far as it goes. */
export interface Reached {
  readonly path: Path;
  /** What is left of the text, because nothing of that name is there. @default - empty: the place is there */
  readonly rest: string;
}

/** Reads a place. Keys may have dots in them: the longest one that is there counts. Items of lists go by their index, their text or their name. */
export function readPath(text: string, value: unknown): Reached {
  let path: Path = [];
  let rest = text;
  while (rest !== "") {
    const [key, after] = firstKey(rest, at(value, path)) ?? [];
    if (key === undefined || after === undefined) break;
    path = [...path, key];
    rest = after;
  }
  return { path, rest };
}

function firstKey(text: string, value: unknown): readonly [string | number, string] | undefined {
  const name = text.replace(/^\./, "");
  const [whole = "", quoted, bare] = /^\[(?:"([^"]*)"|([^\]"]*))\]/.exec(name) ?? [];
  const found = childrenOf(value)
    .filter((key) => {
      if (whole !== "") return [String(key), itemName(value, key)].includes(quoted ?? bare);
      return name === String(key) || name.startsWith(`${key}.`) || name.startsWith(`${key}[`);
    })
    .sort((a, b) => String(b).length - String(a).length)[0];
  if (found === undefined) return undefined;
  return [found, name.slice(whole === "" ? String(found).length : whole.length)];
}

/** What users call an item of a list: itself where it is text, else its name. */
export function itemName(list: unknown, key: string | number): string | undefined {
  if (!Array.isArray(list)) return undefined;
  const item: unknown = list[Number(key)];
  const name = isTree(item) ? item["name"] : item;
  return typeof name === "string" ? name : undefined;
}

export type Tree = Readonly<Record<string, unknown>>;

export const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null;
