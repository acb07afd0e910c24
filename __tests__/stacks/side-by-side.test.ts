/** The example on both clouds: what a team has on the one it has on the other, and what is each cloud's own is said. */
import example from "../../platform.config";
import type { Json } from "../../policies/plan/synthesized-stack";
import { VM_SIZES } from "../../config/clouds/azure-vm-sizes";
import { GIBIBYTE } from "../../config/quantities";
import { table, tableBelow } from "../support/markdown";
import { environmentQuotas, teamDifferences, teamFacts, type PoolFacts } from "../support/side-by-side";
import { ofType, synth } from "../support/synth";

const on = (kind: "aws" | "azure") => {
  const cluster = example.clusters.find((candidate) => candidate.kind === kind);
  if (!cluster) throw new Error(`the example has no cluster on ${kind}`);
  return { cluster, stack: synth(example, cluster.name) };
};
const [aws, azure] = [on("aws"), on("azure")];

const sides = example.teams.map((team) => ({
  team,
  facts: {
    aws: teamFacts(example, aws.cluster, aws.stack, team),
    azure: teamFacts(example, azure.cluster, azure.stack, team),
  },
  own: {
    aws: teamDifferences(aws.cluster, aws.stack, team),
    azure: teamDifferences(azure.cluster, azure.stack, team),
  },
}));

describe.each(sides.map((side) => [side.team.name, side] as const))("team %s", (_, { team, facts, own }) => {
  test("has equal namespaces, quotas, limits and network policies", () => {
    expect(Object.keys(facts.azure.namespaces)).toEqual(team.namespaces.map(({ name }) => name));
    expect(facts.azure.namespaces).toEqual(facts.aws.namespaces);
    expect({ chart: facts.azure.chart, labels: facts.azure.labels, egress: facts.azure.egress }).toEqual({
      chart: facts.aws.chart,
      labels: facts.aws.labels,
      egress: facts.aws.egress,
    });
  });

  test("lets in the same groups in the same roles, whatever each cloud calls them", () => {
    expect(facts.azure.access).toEqual(facts.aws.access);
    expect(facts.azure.access).toEqual({
      admin: team.groups.admin.map(({ name }) => name),
      edit: team.groups.edit.map(({ name }) => name),
      view: team.groups.view.map(({ name }) => name),
    });
  });

  test("has nodes with equal labels, taints, architecture and ways to buy", () => {
    expect(facts.azure.pools).toEqual(facts.aws.pools);
  });

  test("opens the way to credentials where, and only where, a service account has rights in that cloud", () => {
    for (const [kind, { credentials }] of [["aws", own.aws] as const, ["azure", own.azure] as const])
      for (const { name } of team.namespaces) {
        const asked = team.serviceAccounts.some((account) => account.namespace === name && account[kind]);
        const where = {
          aws: ["169.254.170.23/32:80"],
          azure: expect.arrayContaining([expect.stringMatching(/:443$/)]),
        };
        expect([name, credentials[name]]).toEqual([name, asked ? where[kind] : []]);
      }
  });

  test("is offered no more on AKS than its pools' limits, and only what AKS reserves less than whole nodes of it", () => {
    for (const pool of team.nodePools) {
      const groups = ofType(azure.stack, "azurerm_kubernetes_cluster_node_pool").filter(({ path }) =>
        path.includes(`/node-pools/${team.name}/${pool.name}-`),
      );
      expect(groups).not.toEqual([]);
      for (const { attributes } of groups) {
        const size = VM_SIZES.find(({ name }) => name === attributes["vm_size"]);
        const nodes = Number(attributes["max_count"]);
        const [cpu, memory] = [nodes * (size?.cpu ?? 0) * 1000, nodes * (size?.memoryGibibytes ?? 0) * GIBIBYTE];
        expect([pool.name, cpu > 0 && cpu <= pool.limits.cpu, memory > 0 && memory <= pool.limits.memory]).toEqual([
          pool.name,
          true,
          true,
        ]);
      }
    }
  });
});

test("the environments have equal quotas", () => {
  const quotas = environmentQuotas(azure.stack);
  expect(quotas).toEqual(environmentQuotas(aws.stack));
  expect(Object.keys(quotas)).toEqual(example.environments.map(({ namespace }) => namespace));
});

test("AKS adds one taint to spot nodes, and Karpenter none", () => {
  for (const { team, own } of sides)
    for (const pool of team.nodePools) {
      expect(own.aws.taints[pool.name]).toEqual([]);
      expect(own.azure.taints[pool.name]).toEqual(
        pool.capacity === "on-demand" ? [] : ["kubernetes.azure.com/scalesetpriority=spot:NoSchedule"],
      );
    }
});

test("the page shows it, team by team", () => {
  expect(tableBelow("clouds.md", "The example, side by side")).toBe(
    table(
      ["team", "what", "EKS", "AKS"],
      [
        ...sides.flatMap(({ team, facts, own }) => [
          ...Object.entries(facts.aws.namespaces).flatMap(([name, left]) => {
            const right = facts.azure.namespaces[name] ?? left;
            return [
              row(team.name, `\`${name}\`: quota`, amounts(left.quota), amounts(right.quota)),
              row(team.name, `\`${name}\`: LimitRange`, limits(left.limitRange), limits(right.limitRange)),
              row(team.name, `\`${name}\`: network policies`, left.policies.join(", "), right.policies.join(", ")),
              row(
                team.name,
                `\`${name}\`: way to credentials`,
                at(own.aws.credentials[name]),
                at(own.azure.credentials[name]),
              ),
              row(
                team.name,
                `\`${name}\`: service accounts`,
                left.serviceAccounts.join(", ") || "–",
                right.serviceAccounts.join(", ") || "–",
              ),
            ];
          }),
          row(team.name, "access", roles(facts.aws.access), roles(facts.azure.access)),
          ...team.nodePools.flatMap(({ name }) => {
            const [left, right] = [facts.aws.pools[name], facts.azure.pools[name]];
            return [
              row(team.name, `pool \`${name}\``, left ? nodes(left) : "–", right ? nodes(right) : "–"),
              row(
                team.name,
                `pool \`${name}\`: taints`,
                taints(left, own.aws.taints[name]),
                taints(right, own.azure.taints[name]),
              ),
              row(
                team.name,
                `pool \`${name}\`: machines`,
                own.aws.machines[name] ?? "–",
                own.azure.machines[name] ?? "–",
              ),
              row(team.name, `pool \`${name}\`: for pods`, own.aws.offers[name] ?? "–", own.azure.offers[name] ?? "–"),
            ];
          }),
        ]),
        ...Object.entries(environmentQuotas(aws.stack)).map(([name, left]) =>
          row("all teams", `\`${name}\`: quota`, amounts(left), amounts(environmentQuotas(azure.stack)[name] ?? {})),
        ),
      ],
    ),
  );
});

const row = (team: string, what: string, left: string, right: string): string[] => [
  team,
  what,
  left,
  left === right ? "the same" : right,
];

/** But for what every quota has: no Service that would ask for a load balancer or a node's port. */
const amounts = (quota: Readonly<Record<string, Json>>): string =>
  Object.entries(quota)
    .filter(([key]) => !key.startsWith("services."))
    .map(([key, value]) => `${key} ${String(value)}`)
    .join(", ");

const limits = (range: Readonly<Record<string, Json>>): string =>
  Object.entries(range)
    .map(
      ([key, value]) =>
        `${key} ${Object.values(value as Readonly<Record<string, Json>>)
          .map(String)
          .join(" / ")}`,
    )
    .join(", ");

const roles = (access: Readonly<Record<string, readonly string[]>>): string =>
  Object.entries(access)
    .filter(([, groups]) => groups.length > 0)
    .map(([role, groups]) => `${role}: ${groups.join(", ")}`)
    .join("; ");

const at = (places: readonly string[] = []): string => places.join(", ") || "–";

const nodes = ({ labels, architecture, capacity }: PoolFacts): string =>
  [
    `${labels["stackyard.dev/node-class"] ?? ""}, ${architecture}`,
    capacity.join(" and "),
    ...Object.entries(labels)
      .filter(([key]) => !key.startsWith("stackyard.dev/"))
      .map(([key, value]) => `\`${key}: ${value}\``),
  ].join(", ");

const taints = (pool: PoolFacts | undefined, ofCloud: readonly string[] = []): string =>
  [...(pool?.taints ?? []), ...ofCloud].map((taint) => `\`${taint}\``).join(", ") || "–";
