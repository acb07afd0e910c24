/** An entry taken out of the config, together with what names it. */
import { at, childrenOf, withAt, type Path } from "./path";

/** A config without an entry. */
export interface Removal {
  readonly input: unknown;
  /** Places that went with it, because they name it. In the order of the config. */
  readonly also: readonly Path[];
}

/** What names the entry goes, too: left behind, it would be a mistake in the config, and keep what the entry makes. */
export function withoutEntry(input: unknown, path: Path): Removal {
  const also = namersOf(input, path);
  // From the end, because an item that goes moves those after it.
  const rest = [...also].reverse().reduce((config, place) => withAt(config, place, undefined), input);
  return { input: withAt(rest, path, undefined), also };
}

/** Places that name an entry. Of a service account it is the whole: in a team with several namespaces it cannot be without one. */
function namersOf(input: unknown, [section, name, inner, key, ...deeper]: Path): readonly Path[] {
  const below = (path: Path): readonly Path[] => childrenOf(at(input, path)).map((child) => [...path, child]);
  if (inner === undefined && section === "environments")
    return below(["teams"]).flatMap((team) =>
      below([...team, "environments"]).filter((place) => place.at(-1) === name),
    );
  if (inner === undefined && section === "groups") {
    const admins = below(["clusters"]).map((cluster) => [...cluster, "access", "admins"]);
    const roles = below(["teams"]).flatMap((team) => below([...team, "groups"]));
    return [...admins, ...roles].flatMap(below).filter((item) => at(input, item) === name);
  }
  if (section === "teams" && inner === "namespaces" && name !== undefined && deeper.length === 0)
    return below(["teams", name, "serviceAccounts"]).filter((account) => at(input, [...account, "namespace"]) === key);
  return [];
}
