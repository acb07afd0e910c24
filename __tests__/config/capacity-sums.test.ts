/** The arithmetic recomputed in another way, for random teams, pools and environments. */
import fc from "fast-check";
import { load } from "../../config/capacity";
import { capacityReport } from "../../config/capacity-report";
import { definePlatform } from "../../config/define-platform";
import { highMemory } from "../../config/node-pool-presets";
import type { Platform } from "../../config/platform";
import { changed, problemsOf, type Draft } from "../support/config";

const GIB = 2 ** 30;

interface Wanted {
  readonly cpu: number;
  readonly memory: number;
  readonly storage: number | undefined;
  readonly pods: number | undefined;
  readonly gpus: number;
}

const quota = (gpus: fc.Arbitrary<number>): fc.Arbitrary<Wanted> =>
  fc.record({
    cpu: fc.integer({ min: 1, max: 4 }),
    memory: fc.integer({ min: 1, max: 16 }),
    storage: fc.option(fc.integer({ min: 1, max: 500 }), { nil: undefined }),
    pods: fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined }),
    gpus,
  });

interface WantedTeam {
  readonly pool: boolean;
  readonly host: Wanted;
  readonly dev: Wanted | undefined;
}

const none = fc.constant(0);
const team: fc.Arbitrary<WantedTeam> = fc.boolean().chain((pool) => {
  const gpus = pool ? fc.integer({ min: 0, max: 1 }) : none;
  return fc.record({
    pool: fc.constant(pool),
    host: quota(gpus),
    dev: fc.option(quota(gpus), { nil: undefined }),
  });
});

const written = ({ cpu, memory, storage, pods, gpus }: Wanted) => ({
  cpu,
  memory: `${memory}Gi`,
  ...(storage !== undefined && { storage: `${storage}Gi` }),
  ...(pods !== undefined && { pods }),
  gpus,
});

const config = (teams: readonly WantedTeam[], preset: string) =>
  changed((d: Draft) => {
    d.environments.dev.preset = preset;
    d.teams = Object.fromEntries(
      teams.map(({ pool, host, dev }, index) => [
        `team${index}`,
        {
          costCenter: "CC-1",
          groups: { admin: ["web"] },
          quota: written(host),
          ...(dev && { environments: { dev: written(dev) } }),
          ...(pool && {
            nodePools: {
              main: { class: "general", cpus: [8, 8], limits: { cpu: 32, memory: "128Gi" } },
              gpu: { class: "gpu", cpus: [8, 8], limits: { cpu: 16, memory: "112Gi" } },
            },
          }),
        },
      ]),
    );
  });

const plus = (amounts: readonly number[]): number => amounts.reduce((one, other) => one + other, 0);

/**
 * Of the virtual clusters' control planes, by hand: requests in millicores and MiB, volumes in GiB, pods with one more of each kind. The last
 * summand of requests is the Job that delivers what a team has inside.
 */
const CONTROL_PLANE = {
  dev: { cpu: 2 * 200 + 2 * 20 + 50, mebibytes: 2 * 512 + 2 * 64 + 128, storage: 5, pods: 2 + 2 },
  prod: {
    cpu: 3 * 500 + 4 * 200 + 3 * 20 + 50 + 50,
    mebibytes: 3 * 1024 + 4 * 512 + 3 * 64 + 128 + 128,
    storage: 3 * 10 + 20,
    pods: 3 + 4 + 3,
  },
} as const;

const organisation = fc.record({
  teams: fc.array(team, { minLength: 1, maxLength: 6 }),
  preset: fc.constantFrom("dev" as const, "prod" as const),
});

test("the quota of an environment on the host is the sum of its teams' and its control plane's, of what all of them bound", () => {
  fc.assert(
    fc.property(organisation, ({ teams, preset }) => {
      const platform = definePlatform(config(teams, preset));
      const there = teams.flatMap(({ dev }) => dev ?? []);
      const own = CONTROL_PLANE[preset];
      const bounded = (of: "storage" | "pods") => there.length > 0 && there.every((one) => one[of] !== undefined);
      expect(platform.environments[0]?.quota).toEqual({
        cpu: 1000 * plus(there.map(({ cpu }) => cpu)) + own.cpu,
        memory: GIB * plus(there.map(({ memory }) => memory)) + own.mebibytes * 2 ** 20,
        ...(bounded("storage") && { storage: GIB * (plus(there.map(({ storage = 0 }) => storage)) + own.storage) }),
        // A Job of the platform's for each team, and two more.
        ...(bounded("pods") && { pods: plus(there.map(({ pods = 0 }) => pods)) + own.pods + there.length + 2 }),
        gpus: plus(there.map(({ gpus }) => gpus)),
      });
    }),
    { numRuns: 60 },
  );
});

test("what is asked, offered and left adds up, for every team, the shared pool and the whole cluster", () => {
  fc.assert(
    fc.property(organisation, ({ teams, preset }) => {
      const platform: Platform = definePlatform(config(teams, preset));
      for (const cluster of capacityReport(platform, platform.clusters)) {
        for (const usage of [...cluster.teams, ...(cluster.shared ? [cluster.shared] : []), cluster.total]) {
          expect(usage.asked.cpu).toBe(plus(usage.parts.map(({ cpu }) => cpu)));
          expect(usage.asked.memory).toBe(plus(usage.parts.map(({ memory }) => memory)));
          if (!usage.offered) continue;
          expect(usage.left?.cpu).toBe(usage.offered.cpu - usage.asked.cpu);
          expect(usage.left?.memory).toBe(usage.offered.memory - usage.asked.memory);
        }
        const owners = cluster.teams.filter(({ name }) => teams[Number(name.slice("team".length))]?.pool);
        if (cluster.shared) {
          expect(cluster.total.asked.cpu).toBe(plus([...owners, cluster.shared].map(({ asked }) => asked.cpu)));
          expect(cluster.total.offered?.memory).toBe(plus(cluster.pools.map(({ offered }) => offered.memory)));
          expect(cluster.total.offered?.pods).toBe(plus(cluster.pools.map(({ offered }) => offered.pods ?? NaN)));
        }
        // Every team asks once: as an owner, or of the shared pool.
        expect(cluster.total.asked.gpus).toBe(plus(teams.flatMap(({ host, dev }) => [host.gpus, dev?.gpus ?? 0])));
      }
    }),
    { numRuns: 30 },
  );
});

test.each([
  // 128 GiB in nodes of 8 cores and 32 GiB: four, each with 110 pods on AKS and 58 on EKS, less what is on every node.
  ["azure-platform", 4 * (110 - 8)],
  ["aws-platform", 4 * (58 - 6)],
])("on %s pods are refused exactly when there are more than the nodes can run", (name, most) => {
  fc.assert(
    fc.property(fc.integer({ min: -3, max: 3 }), fc.integer({ min: 1, max: 100 }), (beyond, inside) => {
      const problems = problemsOf(
        changed((d) => {
          for (const other of Object.keys(d.clusters)) if (other !== name) delete d.clusters[other];
          d.teams.web.nodePools.main = { class: "general", cpus: [8, 8], limits: { cpu: 64, memory: "128Gi" } };
          d.teams.web.quota.pods = most + beyond - inside;
          d.teams.web.environments.dev.pods = inside;
        }),
      );
      expect(problems.map(({ rule }) => rule)).toEqual(beyond > 0 ? ["team-capacity"] : []);
    }),
    { numRuns: 15 },
  );
});

test("GPUs are refused exactly when there are more than the nodes can have; all of them is no tight fit", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }), (gpus, nodes) => {
      const input = changed((d) => {
        d.teams.web.quota.gpus = gpus;
        d.teams.web.nodePools.gpu = {
          class: "gpu",
          cpus: [8, 8],
          limits: { cpu: 8 * nodes, memory: `${56 * nodes}Gi` },
        };
      });
      const problems = problemsOf(input).map(({ rule }) => rule);
      // Both clouds have one in a node of 8 cores.
      expect(problems.includes("team-capacity")).toBe(gpus > nodes);
      if (problems.length === 0) expect(definePlatform(input).warnings).toEqual([]);
    }),
    { numRuns: 30 },
  );
});

test("GPUs of a machine that only the config knows are not held against it", () => {
  const problems = problemsOf(
    changed((d) => {
      d.teams.web.quota.gpus = 100;
      d.teams.web.nodePools.gpu = {
        class: "gpu",
        cpus: [8, 8],
        limits: { cpu: 8, memory: "64Gi" },
        aws: { instanceTypes: ["g9.2xlarge"] },
        azure: { vmSize: "Standard_NC8ads_B200_v7", cpu: 8, memoryGibibytes: 64 },
      };
    }),
  );
  expect(problems).toEqual([]);
});

test("a pool of which nothing is asked is empty, however much a quota leaves unsaid", () => {
  expect(load({ asked: [{ what: "", cpu: 0, memory: 0 }], offered: [{ what: "", cpu: 1, memory: 1, pods: 0 }] })).toBe(
    0,
  );
});

test("a preset is a pool like any other in the sums", () => {
  const platform = definePlatform(changed((d) => (d.teams.web.nodePools = { index: highMemory() })));
  const [aws] = capacityReport(platform, platform.clusters);
  expect(aws?.teams.find(({ name }) => name === "web")?.offered?.memory).toBe(1024 * GIB);
});
