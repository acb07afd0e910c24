/** From an object of a stack back to the places in the config that it comes from. */
import { uncheckedPlatform } from "../../config/define-platform";
import { allStacks } from "../../config/layers";
import { inputOf, type Platform } from "../../config/platform";
import { platformSchema } from "../../config/schema";
import { suggest } from "../../config/zod";
import type { SynthesizedResource, SynthesizedStack } from "../../policies/plan/synthesized-stack";
import { UsageError } from "../usage-error";
import { compareResources, describe, objectsOf, type ExplainedField } from "./compare";
import type { Synthesize } from "./explain-path";
import { at, childrenOf, leavesOf, showPath, withAt, type Path } from "./path";
import { hasEntries, schemasAt } from "./schema";
import { variationsOf, variedBelow } from "./variations";

export interface Origin {
  readonly path: string;
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

/** How often the stack is synthesized again, at most: some 20 s for the example, as a stack of hundreds of resources takes half a second. */
export const MOST_SYNTHS = 40;

/**
 * @param address as a plan prints it, such as `kubernetes_resource_quota_v1.teams_checkout_team-checkout_quota_BF3789B4`
 * @param limit of synths. @default MOST_SYNTHS
 * @throws UsageError where no stack has it
 */
export function explainAddress(
  platform: Platform,
  text: string,
  stacks: readonly string[],
  synthesize: Synthesize,
  limit = MOST_SYNTHS,
): ExplainedAddress {
  const address = text.replace(/\[[^\]]*\]$/, "");
  const found = findAddress(platform, address, stacks, synthesize);
  const [{ stack, resource }, ...others] = found;
  const search = new Search(inputOf(platform), stack, resource, synthesize, limit);
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
  const known = built.flatMap(({ resources }) => resources.map((resource) => resource.address));
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

/**
 * A layout says in which stack an object is: in another one, the stack that was asked is not there to compare with. A kind and a version have no
 * other value that the same config could have.
 */
const isMaterial = (leaf: Path): boolean =>
  leaf[0] !== "version" && !(leaf[0] === "clusters" && ["kind", "layout"].includes(String(leaf[2])));

/** What a changed config makes of the object. */
type Effect = "none" | "gone" | "failed" | readonly ExplainedField[];

/**
 * Looks for places by halving: many are changed at once, and only where the object is another then are they told apart. So it takes a few
 * synths more than there are places to find, however long the config is.
 */
class Search {
  synths = 0;

  constructor(
    private readonly input: unknown,
    private readonly stack: string,
    private readonly resource: SynthesizedResource,
    private readonly synthesize: Synthesize,
    private readonly limit: number,
  ) {}

  origins(owners: readonly Path[]): readonly Origin[] {
    const leaves = leavesOf(this.input).filter(isMaterial);
    const isOwned = (leaf: Path) => owners.some((owner) => owner.every((key, index) => leaf[index] === key));
    const found = [
      ...owners.flatMap((owner) => this.ofEntry(owner)),
      ...owners.flatMap((owner) => this.among(leavesOf(at(this.input, owner), owner).filter(isMaterial))),
      ...this.among(leaves.filter((leaf) => !isOwned(leaf))),
    ];
    const order = leaves.map((leaf) => showPath(leaf));
    const rank = ({ path }: Origin): number => order.findIndex((leaf) => leaf.startsWith(path));
    return found.sort((a, b) => rank(a) - rank(b));
  }

  /** Whether the object is there because of an entry. A stack is, because of its cluster's: that says nothing. */
  private ofEntry(place: Path): readonly Origin[] {
    if (place[0] === "clusters") return [];
    const effect = this.effectOf(withAt(this.input, place, undefined));
    return effect === "gone" ? [{ path: showPath(place), place, how: "made", fields: [] }] : [];
  }

  private among(leaves: readonly Path[]): readonly Origin[] {
    if (leaves.length === 0) return [];
    if (this.synths >= this.limit) return [this.within(leaves)];
    const [only, ...others] = leaves;
    if (only && others.length === 0) return this.ofLeaf(only);
    const effect = this.effectOf(variedBelow(this.input, leaves));
    if (effect === "none") return [];
    const middle = middleOf(leaves);
    return [...this.among(leaves.slice(0, middle)), ...this.among(leaves.slice(middle))];
  }

  private ofLeaf(place: Path): readonly Origin[] {
    for (const { input } of variationsOf(this.input, place).slice(0, Math.min(2, this.limit - this.synths))) {
      const effect = this.effectOf(input);
      if (effect === "gone") return [{ path: showPath(place), place, how: "made", fields: [] }];
      if (typeof effect !== "string") return [{ path: showPath(place), place, how: "fields", fields: effect }];
      if (effect === "none") return [];
    }
    // It could not be built with any other value: that it plays a part is all that is known.
    return [this.within([place])];
  }

  private within(leaves: readonly Path[]): Origin {
    const [first = []] = leaves;
    const length = first.findIndex((key, index) => leaves.some((leaf) => leaf[index] !== key));
    const place = length === -1 ? first : first.slice(0, length);
    return { path: showPath(place), place, how: "within", fields: [] };
  }

  private effectOf(input: unknown): Effect {
    this.synths += 1;
    try {
      const platform = uncheckedPlatform(input);
      if (!platform) return "failed";
      const [stack] = this.synthesize(platform, [this.stack]);
      const other = stack && objectsOf(stack).find(({ address }) => address === this.resource.address);
      if (!other) return "gone";
      const fields = compareResources(this.resource, other);
      return fields.length === 0 ? "none" : fields;
    } catch {
      return "failed";
    }
  }
}

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
