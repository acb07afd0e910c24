/** What a change costs in a month: as Infracost says, or at most as far as a table of machines can tell. */
import type { ResourceChange } from "../../policies/plan/resource-change";
import { asList, asObject, asText, type JsonObject } from "../../policies/plan/synthesized-stack";
import type { Priced } from "../read/infracost";
import { resourcesOf, type StackChange } from "../read/stack-change";
import { ownerOf } from "./owner";
import { HOURS, PRICES_OF, priceOfInstanceType, priceOfVmSize, pricePerCore } from "./prices";
import { teamFacts, type PoolFacts } from "./team-facts";

export interface CostChange {
  /** `USD` */
  readonly currency: string;
  /** What is counted, and how. */
  readonly basis: string;
  /** Whether it may be less: every node there may be, all month, on demand. */
  readonly atMost: boolean;
  readonly items: readonly CostItem[];
}

/** Of a month. */
export interface CostItem {
  /** `pool ml-gpu`, an address, `the rest` */
  readonly what: string;
  /** @default - everybody's */
  readonly team?: string;
  readonly before: number;
  readonly after: number;
}

/** @returns undefined where nothing that has a price changes */
export function costOf(change: StackChange, priced?: Priced): CostChange | undefined {
  const cost = priced ? ofInfracost(change, priced) : ofMachines(change);
  return cost === undefined || cost.items.length === 0 ? undefined : cost;
}

export const totalOf = ({ items }: CostChange): { readonly before: number; readonly after: number } => ({
  before: items.reduce((sum, { before }) => sum + before, 0),
  after: items.reduce((sum, { after }) => sum + after, 0),
});

/** By how much they differ. */
export const largestFirst = ({ items }: CostChange): readonly CostItem[] =>
  [...items].sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before));

function ofInfracost({ stack, changes }: StackChange, { currency, projects }: Priced): CostChange | undefined {
  const own = projects.filter(({ where }) => projects.length === 1 || where.split(/[^\w-]+/).includes(stack));
  if (own.length === 0) return undefined;
  const owners = new Map(changes.map((change) => [change.address, ownerOf(change)]));
  const items = own.flatMap(({ before, after }) =>
    [...new Set([...before.keys(), ...after.keys()])].flatMap((address): CostItem[] => {
      const [was, is] = [before.get(address) ?? 0, after.get(address) ?? 0];
      const owner = owners.get(address);
      return was === is
        ? []
        : [{ what: address, ...(owner?.kind === "team" && { team: owner.name }), before: was, after: is }];
    }),
  );
  return { currency, basis: "as Infracost says", atMost: false, items };
}

function ofMachines({ stack, changes }: StackChange): CostChange {
  const changed = changes.filter(({ action }) => action !== "none" && action !== "read");
  const [was, is] = (["before", "after"] as const).map((side) => poolCosts(stack, changed, side));
  const keys = [...new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])])];
  return {
    currency: "USD",
    basis: PRICES_OF,
    atMost: true,
    items: keys.flatMap((key): CostItem[] => {
      const [team = "", what = ""] = key.split("\n");
      const [before, after] = [was?.get(key) ?? 0, is?.get(key) ?? 0];
      return before === after ? [] : [{ what, ...(team !== "" && { team }), before, after }];
    }),
  };
}

/** By team and pool. */
function poolCosts(
  stack: string,
  changes: readonly ResourceChange[],
  side: "before" | "after",
): ReadonlyMap<string, number> {
  const costs = new Map<string, number>();
  for (const [team, { pools }] of teamFacts(resourcesOf(stack, changes, side)))
    for (const [pool, facts] of pools) {
      const cost = costOfPool(facts);
      if (cost !== undefined) costs.set(`${team}\npool ${pool}`, cost);
    }
  for (const { type, path, [side]: attributes } of changes)
    if (type === "aws_eks_node_group" && attributes) {
      const cost = costOfNodeGroup(attributes);
      if (cost !== undefined) costs.set(`\nnode group ${path}`, cost);
    }
  return costs;
}

function costOfPool({ limits, requirements }: PoolFacts): number | undefined {
  const { nodes, cpu } = limits;
  if (nodes !== undefined) {
    const price = priceOfVmSize(requirements[0] ?? "");
    return price === undefined ? undefined : price * nodes * HOURS;
  }
  const price = pricePerCore(valuesOf(requirements, "instance-category"), valuesOf(requirements, "arch"));
  return cpu === undefined || price === undefined ? undefined : (cpu / 1000) * price * HOURS;
}

/** `arch In amd64, arm64` */
const valuesOf = (requirements: readonly string[], key: string): readonly string[] =>
  requirements
    .find((text) => text.startsWith(`${key} In `))
    ?.slice(`${key} In `.length)
    .split(", ") ?? [];

/** All types that it may have; the dearest counts. */
function costOfNodeGroup(attributes: JsonObject): number | undefined {
  const most = Number(asObject(attributes["scaling_config"])["max_size"]);
  const prices = asList(attributes["instance_types"]).map((type) => priceOfInstanceType(asText(type)));
  const known = prices.filter((price) => price !== undefined);
  return !Number.isFinite(most) || known.length < prices.length || known.length === 0
    ? undefined
    : Math.max(...known) * most * HOURS;
}

/** `+1,234 USD` */
export function showCost(amount: number, currency: string, signed = false): string {
  const rounded = Math.abs(amount) < 10 ? Math.round(amount * 100) / 100 : Math.round(amount);
  const sign = signed && rounded > 0 ? "+" : "";
  return `${sign}${rounded.toLocaleString("en-US")} ${currency}`;
}
