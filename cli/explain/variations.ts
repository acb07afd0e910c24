/** Other values that a place in the config could have, the nearest first. */
import { z } from "zod";
import { platformSchema } from "../../config/schema";
import { uncheckedPlatform } from "../../config/define-platform";
import type { Platform } from "../../config/platform";
import { formatMemory, MEBIBYTE, parseMemory } from "../../config/quantities";
import { at, childrenOf, isTree, leavesOf, showPath, withAt, type Path } from "./path";
import { withoutEntry } from "./removal";
import { hasEntries, membersOf, samplesOf, schemasAt } from "./schema";
import { switchedComponent } from "./switches";

/** A config in which one place is another. */
export interface Variation {
  /** @example "8 → 7" */
  readonly tried: string;
  readonly input: unknown;
  /** Whether this is what is asked, also where the rules refuse it: the entry goes as a whole, a component is switched off. */
  readonly asked?: true;
  /** What else had to be another, in words. @default - nothing */
  readonly note?: string;
}

/** Values beside the one that stands at a leaf, of the right shape. */
export function otherValues(input: unknown, path: Path): readonly unknown[] {
  const schemas = schemasAt(platformSchema, path, input);
  const value = at(input, path);
  const members = schemas.flatMap(membersOf);
  const candidates =
    members.length > 0
      ? members
      : value === undefined
        ? schemas.flatMap((schema) => samplesOf(schema, [...namesOf(input), ...LEAVES]))
        : nearby(value, input);
  return [...new Set(candidates)].filter(
    (other) =>
      other !== value && (schemas.length === 0 || schemas.some((schema) => z.safeParse(schema, other).success)),
  );
}

/** For a field that is left out: whatever its schema takes. Numbers and texts that are nowhere a default. */
const LEAVES: readonly unknown[] = [
  ...[1, 2, 3, "1Gi", "100m", "10.99.0.0/16", "explained", "explained@example.com", "explained.example.com"],
  "https://explained.example.com",
  "arn:aws:iam::123456789012:role/explained",
  "99999999-9999-4999-9999-999999999999",
];

/** Names that others of the config could refer to; a few of each kind do. */
const namesOf = (input: unknown): readonly unknown[] =>
  ["clusters", "groups", "environments"].flatMap((section) => childrenOf(at(input, [section])).slice(0, 3));

function nearby(value: unknown, input: unknown): readonly unknown[] {
  if (typeof value === "boolean") return [!value];
  if (typeof value === "number") return [value - 1, value + 1, value / 2, value * 2];
  if (typeof value !== "string") return [];
  const bytes = parseMemory(value);
  if (bytes !== undefined) return memories(bytes);
  const millicores = /^(\d+)m$/.exec(value);
  if (millicores) return [-10, 10, 500].map((more) => `${Number(millicores[1]) + more}m`);
  return [...namesBeside(value, input), ...spellings(value)];
}

function memories(bytes: number): readonly string[] {
  const step = [2 ** 40, 2 ** 30, MEBIBYTE].find((unit) => bytes % unit === 0 && bytes > unit) ?? MEBIBYTE;
  return [bytes - step, bytes + step, bytes / 2, bytes * 2].filter((other) => other > 0).map(formatMemory);
}

/** The name of a group or an environment stands for it: another one does, too. */
function namesBeside(value: string, input: unknown): readonly string[] {
  return ["groups", "environments"].flatMap((section) => {
    const names = childrenOf(at(input, [section])).map(String);
    return names.includes(value) ? names : [];
  });
}

/** The same text with another letter or digit in one place, from the end; as forms differ, several. */
function spellings(text: string): readonly string[] {
  const places = [...text.matchAll(/[a-z0-9]/gi)].map(({ index }) => index).reverse();
  const chosen = [...places.slice(0, 6), ...places.slice(-1)];
  return [
    ...chosen.map((index) => `${text.slice(0, index)}${next(text.charAt(index))}${text.slice(index + 1)}`),
    `${text}x`,
  ];
}

function next(character: string): string {
  if (/[zZ9]/.test(character)) return String.fromCharCode(character.charCodeAt(0) - 1);
  return String.fromCharCode(character.charCodeAt(0) + 1);
}

/** Configs in which the place is another, and beside it only what cannot stay as it is. Empty where there is no other value of the right shape. */
export const variationsOf = (input: unknown, path: Path): readonly Variation[] => [
  ...switchesOf(input, path),
  ...valuesOf(input, path),
];

/** A component is on unless the config says otherwise, so what comes of it is what goes when it is off. */
function switchesOf(input: unknown, path: Path): readonly Variation[] {
  const switched = switchedComponent(input, path);
  if (!switched) return [];
  const { to, also } = switched;
  const why = to === "off" ? "because they cannot run without it" : "because it cannot run without them";
  return [
    {
      tried: `${showPath(path)} ${to}`,
      input: switched.input,
      asked: true,
      ...(also.length > 0 && { note: `${to} with it, ${why}: ${also.join(", ")}` }),
    },
  ];
}

function valuesOf(input: unknown, path: Path): readonly Variation[] {
  const value = at(input, path);
  if (leavesOf(value).length > 0 && typeof value === "object") {
    const without = { tried: `without ${showPath(path)}`, input: withAt(input, path, undefined) };
    const varied = {
      tried: `every value below ${showPath(path)} another`,
      input: shapedBelow(input, leavesOf(value, path).filter(isMaterial)).input,
    };
    const isEntry = hasEntries(schemasAt(platformSchema, path.slice(0, -1), input));
    return isEntry ? [...removalsOf(input, path), varied] : [varied, without];
  }
  const others = otherValues(input, path).map((other) => ({
    tried: `${value === undefined ? "left out" : JSON.stringify(value)} → ${JSON.stringify(other)}`,
    input: value === undefined ? withLeast(input, path, other) : withAt(input, path, other),
  }));
  return value === undefined
    ? others
    : [...others, { tried: `without ${showPath(path)}`, input: withAt(input, path, undefined) }];
}

/** Without an entry and what names it; without the entry alone where the shape refuses that: a cluster needs a group of admins. */
function removalsOf(input: unknown, path: Path): readonly Variation[] {
  const { input: rest, also } = withoutEntry(input, path);
  const alone: Variation = {
    tried: `without ${showPath(path)}`,
    input: withAt(input, path, undefined),
    asked: true,
  };
  if (also.length === 0) return [alone];
  const names = also.map(showPath).join(", ");
  return [
    { ...alone, tried: `${alone.tried}, ${names}`, input: rest, note: `what names it is taken out with it: ${names}` },
    alone,
  ];
}

/** With what must stand beside a field where the map that it is in is left out as well: `memory` beside `cpu`. */
function withLeast(input: unknown, path: Path, other: unknown): unknown {
  const [key = ""] = path.slice(-1);
  const map = path.slice(0, -1);
  if (map.length === 0 || at(input, map) !== undefined) return withAt(input, path, other);
  const schemas = schemasAt(platformSchema, map, input);
  const least = schemas.flatMap((schema) => samplesOf(schema, LEAVES)).filter(isTree);
  const fits = (value: object) => schemas.some((schema) => z.safeParse(schema, value).success);
  const written = [{}, ...least].map((sample) => ({ ...sample, [key]: other })).find(fits);
  return withLeast(input, map, written ?? { [key]: other });
}

/**
 * Every leaf below these places another, as far as there is one. An item of a list becomes none of its neighbours, or goes: two names that
 * changed places would be the same list to whatever sorts it. From the end, because what goes moves those after it.
 */
export function variedBelow(input: unknown, paths: readonly Path[]): unknown {
  return paths
    .flatMap((path) => leavesOf(at(input, path), path))
    .reverse()
    .reduce((config, leaf) => {
      const list = at(input, leaf.slice(0, -1));
      const isItem = Array.isArray(list);
      const other = otherValues(input, leaf).find((candidate) => !isItem || !list.includes(candidate));
      return other === undefined && !isItem ? config : withAt(config, leaf, other);
    }, input);
}

/**
 * A layout says in which stack an object is: in another one, the stack that was asked is not there to compare with. A kind and a version have no
 * other value that the same config could have.
 */
export const isMaterial = (leaf: Path): boolean =>
  leaf[0] !== "version" && !(leaf[0] === "clusters" && ["kind", "layout"].includes(String(leaf[2])));

/** The platform of a config of the right shape; undefined of another one. */
export function resolved(input: unknown): Platform | undefined {
  try {
    return uncheckedPlatform(input);
  } catch {
    return undefined;
  }
}

/** Every one of these leaves another, but for those that have no other value beside those of the others. */
export function shapedBelow(
  input: unknown,
  all: readonly Path[],
): { readonly input: unknown; readonly leaves: readonly Path[] } {
  const leaves = fitting(input, [], all);
  return { input: variedBelow(input, leaves), leaves };
}

/** Those that can be changed together, beside some that are. */
function fitting(input: unknown, beside: readonly Path[], leaves: readonly Path[]): readonly Path[] {
  if (leaves.length === 0) return [];
  if (resolved(variedBelow(input, [...beside, ...leaves]))) return leaves;
  if (leaves.length === 1) return [];
  const middle = Math.ceil(leaves.length / 2);
  const first = fitting(input, beside, leaves.slice(0, middle));
  return [...first, ...fitting(input, [...beside, ...first], leaves.slice(middle))];
}
