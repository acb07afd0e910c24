import { block, isTrue, removals } from "./look";
import { CLUSTERS, NETWORKS } from "./resource-types";
import type { ResourceChange } from "./resource-change";
import type { PlanRule } from "./rule";
import type { SynthesizedStack } from "./synthesized-stack";

/**
 * What hangs on a control plane, and releases on it in turn, where a plan names no dependencies. Identities and node groups are not
 * here: the platform makes the new one first, which leaves no cycle (.ci/cycle-error).
 */
const BETWEEN = [
  "aws_eks_access_policy_association",
  "aws_eks_addon",
  "aws_route",
  "aws_vpc_security_group_ingress_rule",
  "azurerm_subnet_nat_gateway_association",
];
const NOT_FIRST: readonly string[] = [...CLUSTERS, ...NETWORKS];

/**
 * A cycle takes three, as Terraform orders destruction (internal/terraform/transform_destroy_edge.go, and .ci/cycle-error.js):
 * U, changed in place, on which the configuration of the provider of R depends; X, destroyed, which depends on U and is not made
 * anew first; R, destroyed, which depends on X. U waits until X is gone, X for R, R for its provider, and that for U.
 */
export const controlPlaneAlone: PlanRule = {
  id: "control-plane-alone",
  severity: "deny",
  ofChanges: true,
  why: "Terraform changes the control plane after what hangs on it is gone, that after the releases are gone, and those only by the changed control plane: such a plan ends in Error: Cycle, by chance in this run or in the next.",
  fix: "Apply the change of the control plane or the network first, and what goes after it, or the other way round.",
  links: ["docs/decisions/0002-one-stack-per-cluster.md", "https://github.com/hashicorp/terraform/issues/31843"],
  check: (stack) => {
    const gone = removals(stack);
    const releases = gone.filter(({ type }) => isOnCluster(type));
    const changed = (stack.changes ?? []).filter(
      ({ type, action }) => NOT_FIRST.includes(type) && (action === "update" || action === "replace"),
    );
    if (changed.length === 0 || releases.length === 0) return [];
    const needs = dependencies(stack);
    return changed.flatMap((resource) => {
      const cloud = resource.type.split("_")[0] ?? "";
      const between = gone.find(
        (x) =>
          x.type.startsWith(`${cloud}_`) &&
          x !== resource &&
          !isMadeFirst(x) &&
          (needs
            ? needs(x.address).has(resource.address) && releases.some((r) => needs(r.address).has(x.address))
            : BETWEEN.includes(x.type)),
      );
      return between
        ? [
            {
              resource,
              message: `changes together with the removal of ${between.address} and of ${releases.length} that need it in the cluster`,
            },
          ]
        : [];
    });
  },
};

const isOnCluster = (type: string): boolean => type === "helm_release" || type.startsWith("kubernetes_");

const isMadeFirst = ({ createBeforeDestroy, before = {} }: ResourceChange): boolean =>
  createBeforeDestroy === true || isTrue(block(before["lifecycle"])["create_before_destroy"]);

/** Everything that something needed as it was, through others as well; undefined where a plan has values in the place of references. */
function dependencies({ changes = [] }: SynthesizedStack): ((address: string) => ReadonlySet<string>) | undefined {
  const direct = new Map(
    changes
      .filter(({ before }) => before !== undefined)
      .map(({ address, before }) => [address, references(JSON.stringify(before), address)]),
  );
  if (![...direct.values()].some((found) => found.size > 0)) return undefined;
  const known = new Map<string, ReadonlySet<string>>();
  return (address) => {
    const found = known.get(address) ?? upstream(address, direct);
    known.set(address, found);
    return found;
  };
}

function upstream(address: string, direct: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting = [address];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
    for (const other of direct.get(next) ?? [])
      if (!found.has(other)) {
        found.add(other);
        waiting.push(other);
      }
  return found;
}

const references = (text: string, self: string): ReadonlySet<string> =>
  new Set(
    [...text.matchAll(/\b(?:aws|azurerm|helm|kubernetes)_\w+\.[\w-]+/g)]
      .map(([reference]) => reference)
      .filter((reference) => reference !== self),
  );
