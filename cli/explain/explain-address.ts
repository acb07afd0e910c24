/** From an object of a stack back to the places in the config that it comes from. */
import { allStacks } from "../../config/layers";
import { inputOf, type Platform } from "../../config/platform";
import { platformSchema } from "../../config/schema";
import { suggest } from "../../config/zod";
import type { Json, SynthesizedResource, SynthesizedStack } from "../../policies/plan/synthesized-stack";
import { UsageError } from "../usage-error";
import { compareResources, describe, objectsOf, type ExplainedField } from "./compare";
import type { Synthesize } from "./explain-path";
import { at, childrenOf, leavesOf, showPath, type Path } from "./path";
import { withoutEntry } from "./removal";
import { hasEntries, schemasAt } from "./schema";
import { isMaterial, resolved, shapedBelow, variationsOf } from "./variations";

export interface Origin {
  readonly path: string;
  /** What stands there, of a leaf. @default - it is no leaf */
  readonly value?: Json;
  /** For whoever looks up its line. */
  readonly place: Path;
  /**
   * `made`: without this entry the object is not there. `fields`: they follow from this value. `within`: something below this place, which was not
   * looked into any further, or which has no other value that a stack can be built with.
   */
  readonly how: "made" | "fields" | "within";
  readonly fields: readonly ExplainedField[];
}

export interface ExplainedAddress {
  readonly address: string;
  readonly what: string;
  /** Path of the construct. */
  readonly construct: string;
  /** The stack that was asked. */
  readonly stack: string;
  /** Others that have the same address. */
  readonly alsoIn: readonly string[];
  /** In the order of the config. */
  readonly origins: readonly Origin[];
  /** How many synths it took, and whether that was all that may be spent. */
  readonly synths: number;
  readonly complete: boolean;
}

/** How often the object is made again, at most: some 25 s for the example, as that takes a quarter of a second. */
export const MOST_SYNTHS = 120;

export interface SearchOptions {
  /** Of synths. @default MOST_SYNTHS */
  readonly limit?: number;
  /** Called before each synth with what is done. @default - silent */
  readonly onStep?: (step: string) => void;
}

/**
 * @param address as a plan prints it, such as `kubernetes_resource_quota_v1.teams_checkout_team-checkout_quota_BF3789B4`
 * @throws UsageError where no stack has it
 */
export function explainAddress(
  platform: Platform,
  text: string,
  stacks: readonly string[],
  synthesize: Synthesize,
  { limit = MOST_SYNTHS, onStep = () => undefined }: SearchOptions = {},
): ExplainedAddress {
  const address = text.replace(/\[[^\]]*\]$/, "");
  const found = findAddress(platform, address, stacks, synthesize);
  const [{ stack, resource }, ...others] = found;
  const search = new Search(inputOf(platform), stack, resource, synthesize, limit, onStep);
  const origins = search.origins(ownersOf(platform, stack, resource));
  return {
    address,
    what: describe(resource),
    construct: resource.path,
    stack,
    alsoIn: others.map((other) => other.stack),
    origins,
    synths: search.synths,
    complete: origins.every(({ how }) => how !== "within"),
  };
}

interface Found {
  readonly stack: string;
  readonly resource: SynthesizedResource;
}

function findAddress(
  platform: Platform,
  address: string,
  stacks: readonly string[],
  synthesize: Synthesize,
): readonly [Found, ...Found[]] {
  const built: readonly SynthesizedStack[] = synthesize(platform, stacks);
  const [first, ...rest] = built.flatMap((stack): Found[] => {
    const resource = objectsOf(stack).find((candidate) => candidate.address === address);
    return resource ? [{ stack: stack.name, resource }] : [];
  });
  if (first) return [first, ...rest];
  const known = built.flatMap((stack) => objectsOf(stack).map((object) => object.address));
  const hint = suggest(address, known);
  throw new UsageError(
    `neither the config has a place "${address}" nor ${stacks.join(", ")} an object of that address${hint.startsWith(", did") ? hint : ""}`,
  );
}

/** Entries whose names are in the path of the construct: where to look first. */
function ownersOf(platform: Platform, stack: string, { path }: SynthesizedResource): readonly Path[] {
  const input = inputOf(platform);
  const names = new Set(path.split("/").slice(1));
  const cluster = allStacks(platform).find(({ name }) => name === stack)?.cluster.name;
  return childrenOf(input).flatMap((section) =>
    hasEntries(schemasAt(platformSchema, [section], input))
      ? childrenOf(at(input, [section]))
          .filter((entry) => names.has(String(entry)) || (section === "clusters" && entry === cluster))
          .map((entry) => [section, entry])
      : [],
  );
}

/** Whatever has a name of its own in the config, teams and what is named inside them; the deepest first. Values have their leaves. */
function entriesOf(input: unknown, path: Path = []): readonly Path[] {
  const isNamed = hasEntries(schemasAt(platformSchema, path, input));
  return childrenOf(at(input, path)).flatMap((key) => {
    const place = [...path, key];
    const inner = at(input, place);
    if (typeof inner !== "object" || inner === null || Array.isArray(inner)) return [];
    return [...entriesOf(input, place), ...(isNamed ? [place] : [])];
  });
}

/** What a changed config makes of the object: `text` is all of it. */
type Effect = "none" | "gone" | "failed" | { readonly fields: readonly ExplainedField[]; readonly text: string };

/** How many of a leaf's other values are built before it counts as one that has none. */
const TRIED_VALUES = 2;

/**
 * Looks for places in two ways at once. Many are changed together: where that makes the object no other, none of them matters. Where it does,
 * those whose new text can be read in the object are what it comes from, each looked at by itself; the rest is told apart by halving. So it
 * takes a few synths more than there are places to find, however long the config is.
 */
class Search {
  synths = 0;

  constructor(
    private readonly input: unknown,
    private readonly stack: string,
    private readonly resource: SynthesizedResource,
    private readonly synthesize: Synthesize,
    private readonly limit: number,
    private readonly onStep: (step: string) => void,
  ) {}

  origins(owners: readonly Path[]): readonly Origin[] {
    const leaves = leavesOf(this.input).filter(isMaterial);
    const isOwned = (leaf: Path) => owners.some((owner) => owner.every((key, index) => leaf[index] === key));
    const found = [
      ...owners.flatMap((owner) => this.ofEntry(owner)),
      ...owners.flatMap((owner) => this.among(leavesOf(at(this.input, owner), owner).filter(isMaterial))),
      ...this.among(leaves.filter((leaf) => !isOwned(leaf))),
    ];
    const { seen, unseen } = this.otherEntries(found);
    found.push(...this.amongEntries(unseen), ...this.amongEntries(seen, { onlyMade: true }));
    const order = leaves.map((leaf) => showPath(leaf));
    const rank = ({ path }: Origin): number => order.findIndex((leaf) => leaf.startsWith(path));
    return found.sort((a, b) => rank(a) - rank(b) || a.place.length - b.place.length);
  }

  /**
   * Entries that were not looked at as such: seen are those with a place inside that was found. A cluster is the stack's own, and of groups and
   * components that are not seen the values are enough.
   */
  private otherEntries(found: readonly Origin[]): { readonly seen: readonly Path[]; readonly unseen: readonly Path[] } {
    const known = found.map(({ path }) => path);
    const isSeen = (entry: Path): boolean => {
      const path = showPath(entry);
      return known.some((other) => other.startsWith(`${path}.`) || other.startsWith(`${path}[`));
    };
    const others = entriesOf(this.input).filter((entry) => entry[0] !== "clusters" && !known.includes(showPath(entry)));
    return {
      seen: others.filter(isSeen),
      unseen: others.filter((entry) => (entry[0] === "teams" || entry[0] === "environments") && !isSeen(entry)),
    };
  }

  /**
   * An entry may matter by its name, or by being there at all, with none of its values in the object: a role is there because of a service
   * account, a label because there are pools.
   *
   * @param isOther without all of them it is known to be another
   * @param onlyMade whether only those count without which there is no such object: what is inside of them says the rest
   */
  private amongEntries(all: readonly Path[], { isOther = false, onlyMade = false } = {}): readonly Origin[] {
    const [place, ...others] = all;
    if (!place) return [];
    if (this.isSpent()) return [this.within(all)];
    const isOne = others.length === 0;
    const effect =
      isOther && !isOne
        ? "gone"
        : this.effectOf(all.reduce((config, entry) => withoutEntry(config, entry).input, this.input));
    if (effect === "none" || (onlyMade && typeof effect === "object")) return [];
    if (isOne) {
      if (effect === "failed") return [];
      return [effect === "gone" ? this.origin(place, "made") : this.origin(place, "fields", effect.fields)];
    }
    const middle = middleOf(all);
    const first = this.amongEntries(all.slice(0, middle), { onlyMade });
    const isSecond = effect !== "failed" && first.length === 0;
    return [...first, ...this.amongEntries(all.slice(middle), { isOther: isSecond, onlyMade })];
  }

  /** Whether the object is there because of an entry. A stack is, because of its cluster's: that says nothing. */
  private ofEntry(place: Path): readonly Origin[] {
    if (place[0] === "clusters" || this.isSpent()) return [];
    const effect = this.effectOf(withoutEntry(this.input, place).input);
    return effect === "gone" ? [this.origin(place, "made")] : [];
  }

  /** @param isOther together they are known to make it another */
  private among(all: readonly Path[], isOther = false): readonly Origin[] {
    if (all.length === 0) return [];
    if (this.isSpent()) return [this.within(all)];
    if (all.length === 1) return this.ofLeaves(all);
    // What has no other value beside the others' is looked at alone: it would only make all of them fail.
    const { input, leaves } = shapedBelow(this.input, all);
    const apart = all.filter((leaf) => !leaves.includes(leaf));
    if (apart.length > 0) return [...this.among(leaves), ...this.ofLeaves(apart)];
    const effect = isOther ? "gone" : this.effectOf(input);
    if (effect === "none") return [];
    if (typeof effect === "object") {
      const seen = leaves.filter((leaf) => this.isSeen(leaf, input, effect.text));
      // At least one of them is found by itself, so this ends.
      if (seen.length > 0)
        return [...this.ofLeaves(seen), ...this.among(leaves.filter((leaf) => !seen.includes(leaf)))];
    }
    return this.halves(leaves, effect);
  }

  /** Of two halves that together make it another, the second does if the first does not. A failure says nothing of either. */
  private halves(leaves: readonly Path[], effect: Effect): readonly Origin[] {
    const middle = middleOf(leaves);
    const first = this.among(leaves.slice(0, middle));
    return [...first, ...this.among(leaves.slice(middle), effect !== "failed" && first.length === 0)];
  }

  /** Whether the object has a leaf's new text, and had not before. */
  private isSeen(leaf: Path, input: unknown, text: string): boolean {
    const value = at(input, leaf);
    if (typeof value !== "string" || value.length < 4) return false;
    return text.includes(value) && !textOf(this.resource).includes(value);
  }

  private ofLeaves(places: readonly Path[]): readonly Origin[] {
    return places.flatMap((place) => (this.isSpent() ? [this.within([place])] : this.ofLeaf(place)));
  }

  private ofLeaf(place: Path): readonly Origin[] {
    const shaped = variationsOf(this.input, place).filter(({ input }) => resolved(input) !== undefined);
    for (const { input } of shaped.slice(0, Math.min(TRIED_VALUES, this.limit - this.synths))) {
      const effect = this.effectOf(input);
      if (effect === "gone") return [this.origin(place, "made")];
      if (effect === "none") return [];
      if (effect !== "failed") return [this.origin(place, "fields", effect.fields)];
    }
    // It could not be built with any other value: that it plays a part is all that is known.
    return [this.within([place])];
  }

  private within(leaves: readonly Path[]): Origin {
    const [first = []] = leaves;
    const length = first.findIndex((key, index) => leaves.some((leaf) => leaf[index] !== key));
    return this.origin(length === -1 ? first : first.slice(0, length), "within");
  }

  private origin(place: Path, how: Origin["how"], fields: readonly ExplainedField[] = []): Origin {
    const value = at(this.input, place);
    const isLeaf = typeof value !== "object" && value !== undefined;
    return { path: showPath(place), ...(isLeaf && { value: value as Json }), place, how, fields };
  }

  private isSpent(): boolean {
    return this.synths >= this.limit;
  }

  private effectOf(input: unknown): Effect {
    const platform = resolved(input);
    if (!platform) return "failed";
    this.synths += 1;
    this.onStep(`synth ${this.synths} of at most ${this.limit}`);
    try {
      const { address: own, type } = this.resource;
      const [stack] = this.synthesize(platform, [this.stack], SETTINGS.has(type) ? undefined : own);
      const other = stack && objectsOf(stack).find(({ address }) => address === this.resource.address);
      if (!other) return "gone";
      const fields = compareResources(this.resource, other);
      return fields.length === 0 ? "none" : { fields, text: textOf(other) };
    } catch {
      return "failed";
    }
  }
}

/** Blocks of a stack that are no objects: they are not made by themselves. */
const SETTINGS: ReadonlySet<string> = new Set(["provider", "terraform", "import", "output"]);

const textOf = ({ attributes }: SynthesizedResource): string => JSON.stringify(attributes);

/** Halves, cut where as little as possible is torn apart: two teams rather than a team. */
function middleOf(leaves: readonly Path[]): number {
  const half = Math.floor(leaves.length / 2);
  const common = (index: number): number => {
    const [before = [], after = []] = [leaves[index - 1], leaves[index]];
    const length = before.findIndex((key, place) => after[place] !== key);
    return length === -1 ? before.length : length;
  };
  const quarter = Math.floor(leaves.length / 4);
  const cuts = leaves.map((_leaf, index) => index).slice(Math.max(1, half - quarter), half + quarter + 1);
  return cuts.sort((a, b) => common(a) - common(b) || Math.abs(a - half) - Math.abs(b - half))[0] ?? half;
}
