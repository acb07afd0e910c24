/** Random organisations that a config may describe, for properties of the whole. */
import fc from "fast-check";
import { aws } from "../../config/clouds/aws";
import { azure } from "../../config/clouds/azure";
import { local } from "../../config/clouds/local";
import type { PlatformInput, QuotaInput, ServiceAccountInput, TeamInput } from "../../config/input";
import type { NodeClass, NodePoolInput } from "../../config/node-pools";

const GIBIBYTES_PER_CORE: Readonly<Record<NodeClass, number>> = { general: 4, compute: 2, memory: 8, gpu: 4 };
const COMPONENTS = [
  "argo-cd",
  "gitea",
  "kubecost",
  "opencost",
  "nvidia-device-plugin",
  "kube-prometheus-stack",
] as const;
const ENVIRONMENTS = ["dev", "prod", "mgmt", "test"] as const;

/** Names at the edges of what is allowed, and those whose parts could be taken for another's. */
const teamName = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/).filter((name) => !/^(y|n|yes|no|on|off|true|false|null)$/.test(name)),
  fc.stringMatching(/^[a-z][a-z0-9]{0,3}-[a-z0-9]{1,4}$/),
  fc.constantFrom("a", "a-b", "a-b-c", "ab", "team", "team-a", "pool", "x".repeat(31), `${"y".repeat(29)}-1`),
);
const shortName = fc.constantFrom("a", "b", "c", "a-b", "main", "api", "index");

const quota: fc.Arbitrary<QuotaInput> = fc
  .record({
    cpu: fc.integer({ min: 1, max: 12 }),
    perCore: fc.constantFrom(1, 2, 4),
    storage: fc.option(fc.integer({ min: 1, max: 500 }), { nil: undefined }),
    pods: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
    limits: fc.boolean(),
  })
  .map(({ cpu, perCore, storage, pods, limits }) => ({
    cpu,
    memory: `${cpu * perCore}Gi` as const,
    ...(storage !== undefined && { storage: `${storage}Gi` as const }),
    ...(pods !== undefined && { pods }),
    ...(limits && { limits: { cpu: cpu * 2, memory: `${cpu * perCore * 2}Gi` as const } }),
  }));

interface PoolShape {
  readonly class: NodeClass;
  readonly cpus: readonly [number, number];
  readonly capacity: "spot" | "on-demand" | "spot-with-fallback";
  readonly arm: boolean;
  readonly taint: boolean;
}

const poolShape: fc.Arbitrary<PoolShape> = fc.record({
  class: fc.constantFrom("general", "compute", "memory", "gpu"),
  cpus: fc.constantFrom([2, 8] as const, [4, 16] as const, [8, 16] as const),
  capacity: fc.constantFrom("on-demand", "spot", "spot-with-fallback"),
  arm: fc.boolean(),
  taint: fc.boolean(),
});

/** A pool with room for all of the team, whatever a node keeps for itself. */
function poolFor(shape: PoolShape, quotas: readonly QuotaInput[]): NodePoolInput {
  const sum = (of: (quota: QuotaInput) => number) => quotas.reduce((total, one) => total + of(one), 0);
  const perCore = GIBIBYTES_PER_CORE[shape.class];
  const cores =
    2 *
    Math.max(
      sum(({ cpu }) => Number(cpu)),
      sum(({ memory }) => Number.parseInt(memory, 10)) / perCore,
    );
  const cpu = Math.ceil(cores / shape.cpus[1] + 1) * shape.cpus[1];
  return {
    class: shape.class,
    cpus: shape.class === "gpu" ? [4, 16] : shape.cpus,
    capacity: shape.capacity,
    taint: shape.taint,
    ...(shape.arm && shape.class === "general" && { architecture: "arm64" as const }),
    limits: { cpu: Math.max(cpu, 32), memory: `${Math.max(cpu, 32) * perCore * 2}Gi` },
  };
}

/** Something to read, on either cloud. */
const RIGHTS: ServiceAccountInput = {
  aws: { statements: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::acme-data/*"] }] },
  azure: {
    roleAssignments: [
      {
        role: "Storage Blob Data Reader",
        scope: "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/acme-data",
      },
    ],
  },
};

function team(environments: readonly string[], groups: readonly string[]): fc.Arbitrary<TeamInput> {
  const some = fc.subarray([...groups], { maxLength: 2 });
  return fc
    .record({
      costCenter: fc.stringMatching(/^CC-[0-9]{1,5}$/),
      project: fc.option(fc.constantFrom("shop", "core"), { nil: undefined }),
      groups: fc.record({ admin: some, edit: some, view: some }),
      namespaces: fc.dictionary(shortName, quota, { minKeys: 1, maxKeys: 3 }),
      single: fc.boolean(),
      environments: fc
        .subarray([...environments])
        .chain((names) => fc.record(Object.fromEntries(names.map((name) => [name, quota])))),
      pools: fc.dictionary(shortName, poolShape, { maxKeys: 2 }),
      egress: fc.subarray(["0.0.0.0/0", "10.20.0.0/16", "203.0.113.0/24", "10.0.0.0/8"]),
      secretStore: fc.boolean(),
      accounts: fc.subarray(["reader", "writer"]),
    })
    .map(({ namespaces: all, single, pools, project, accounts, ...rest }): TeamInput => {
      // GPUs only where there is a pool that has them, whose smallest size has one for each four cores.
      const gpus = Object.values(pools).some((pool) => pool.class === "gpu");
      const namespaces = Object.fromEntries(
        Object.entries(all).map(([key, of], index) => [key, gpus && index === 0 ? { ...of, gpus: 1 } : of]),
      );
      const quotas = single ? Object.values(namespaces).slice(0, 1) : Object.values(namespaces);
      const asked = [...quotas, ...Object.values<QuotaInput>(rest.environments)];
      const shapes = Object.entries(pools);
      return {
        ...rest,
        ...(project !== undefined && { project }),
        ...(single
          ? { quota: quotas[0] }
          : { namespaces: Object.fromEntries(Object.entries(namespaces).map(([key, of]) => [key, { quota: of }])) }),
        serviceAccounts: Object.fromEntries(
          accounts.map((name) => [name, { ...RIGHTS, ...(!single && { namespace: Object.keys(namespaces)[0] }) }]),
        ),
        ...(shapes.length > 0 && {
          nodePools: Object.fromEntries(shapes.map(([name, shape]) => [name, poolFor(shape, asked)])),
        }),
      };
    });
}

const sharedPool = { class: "general", cpus: [2, 32], limits: { cpu: 1024, memory: "4Ti" } } as const;

function clusterOf(kind: "aws" | "azure" | "local", profile: "small" | "production", layered: boolean) {
  const access = { admins: ["admins"], public: ["203.0.113.0/24"] } as const;
  const layout = layered ? ({ layout: "layered" } as const) : {};
  switch (kind) {
    case "aws":
      return aws({
        ...layout,
        profile,
        access,
        sharedPool,
        domain: "aws.acme.example",
        region: "eu-west-1",
        kubernetes: "1.34",
        network: { cidr: "10.0.0.0/16" },
        dns: { zone: "Z0123456789ABCDEFGHIJ" },
      });
    case "azure":
      return azure({
        ...layout,
        profile,
        access,
        sharedPool,
        domain: "azure.acme.example",
        location: "swedencentral",
        subscription: "00000000-0000-0000-0000-000000000000",
        kubernetes: "1.34",
        network: { cidr: "10.1.0.0/16" },
        dns: { zone: "acme.example", resourceGroup: "dns" },
      });
    case "local":
      return local({ profile, domain: "127.0.0.1.nip.io", context: "kind-acme" });
  }
}

const GROUPS = ["admins", "one", "two", "three"] as const;

/**
 * A whole organisation: teams with one or several namespaces, environments, quotas and pools of all classes, on one or more kinds of cluster, in both
 * profiles and layouts, with components on or off. Nearly all are valid; what the rules refuse is for the caller to leave out.
 */
export const organisation: fc.Arbitrary<PlatformInput> = fc
  .record({
    kinds: fc.subarray(["aws", "azure", "local"] as const, { minLength: 1, maxLength: 2 }),
    profile: fc.constantFrom("small", "production"),
    layered: fc.boolean(),
    environments: fc.subarray([...ENVIRONMENTS]),
    off: fc.subarray([...COMPONENTS]),
    mode: fc.constantFrom("warn", "enforce"),
  })
  .chain(({ kinds, profile, layered, environments, off, mode }) =>
    fc.dictionary(teamName, team(environments, GROUPS), { minKeys: 1, maxKeys: 5 }).map((teams): PlatformInput => ({
      version: 1,
      name: "acme",
      contact: "platform@acme.example",
      clusters: Object.fromEntries(kinds.map((kind) => [`${kind}-platform`, clusterOf(kind, profile, layered)])),
      groups: Object.fromEntries(
        GROUPS.map((name, index) => [
          name,
          {
            aws: `arn:aws:iam::123456789012:role/${name}` as const,
            azure: `${String(index + 1).repeat(8)}-1111-1111-1111-111111111111`,
          },
        ]),
      ),
      environments: Object.fromEntries(
        environments.map((name) => [
          name,
          // As its preset has it, or as the host.
          { cluster: `acme-${name}`, ...(name === "test" && { admission: mode }) },
        ]),
      ),
      admission: { mode },
      teams,
      components: Object.fromEntries(off.map((name) => [name, false])),
    })),
  );

/** A team that fits beside any of these, under a name that none of them has. */
export const NEWCOMER = "newcomer";
export const withNewcomer = (input: PlatformInput): PlatformInput => ({
  ...input,
  teams: {
    ...input.teams,
    [NEWCOMER]: {
      costCenter: "CC-0",
      groups: { admin: ["one"] },
      quota: { cpu: 1, memory: "2Gi" },
      environments: Object.fromEntries(
        Object.keys(input.environments).map((name) => [name, { cpu: 1, memory: "1Gi" }]),
      ),
      nodePools: { main: { class: "general", cpus: [2, 8], limits: { cpu: 32, memory: "256Gi" } } },
    },
  },
});
