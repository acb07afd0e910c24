import fc from "fast-check";
import { awsInstanceCores, awsPoolOffer } from "../../config/clouds/aws-node-pools";
import { azureLargestNode, azurePoolOffer, azureVmSize, nodesWithin } from "../../config/clouds/azure-node-pools";
import {
  environmentBalance,
  environmentItems,
  load,
  loadOf,
  sharedItems,
  showBalance,
  teamBalance,
} from "../../config/capacity";
import { nodePoolSchema, type NodePool } from "../../config/node-pools";
import { sum, teamQuotas } from "../../config/platform";
import { problemsOf, changed, platformOf } from "../support/config";

const cores = fc.integer({ min: 1, max: 64 });

function pool(cpus: readonly [number, number], cpu: number, memory: string, more: object = {}): NodePool {
  return {
    ...nodePoolSchema.parse({ class: "general", cpus, limits: { cpu, memory }, ...more }),
    team: "web",
    name: "main",
  };
}

test("a team's quotas are refused exactly when they add up to more than its pool gives", () => {
  fc.assert(
    fc.property(cores, cores, cores, (host, dev, limit) => {
      const rules = problemsOf(
        changed((d) => {
          delete d.clusters["azure-platform"];
          d.teams.web.quota = { cpu: host, memory: "1Gi" };
          d.teams.web.environments.dev = { cpu: dev, memory: "1Gi" };
          d.teams.web.nodePools.main = { class: "general", cpus: [1, 8], limits: { cpu: limit, memory: "512Gi" } };
        }),
      ).map(({ rule }) => rule);
      expect(rules.includes("team-capacity")).toBe(host + dev > limit);
    }),
    { numRuns: 30 },
  );
});

test("an environment's quota is its teams' and its control plane's, whatever they are", () => {
  fc.assert(
    fc.property(cores, (dev) => {
      const none = platformOf((d) => delete d.teams.web.environments).environments[0]?.quota.cpu ?? 0;
      const platform = platformOf((d) => {
        d.teams.web.environments.dev.cpu = dev;
        d.teams.web.nodePools.main.limits.cpu = 256;
        d.teams.web.nodePools.main.limits.memory = "1Ti";
      });
      expect(platform.environments[0]?.quota.cpu).toBe(none + dev * 1000);
    }),
    { numRuns: 20 },
  );
});

test("more limits never give less", () => {
  fc.assert(
    fc.property(fc.integer({ min: 8, max: 200 }), fc.nat(100), (cpu, more) => {
      const [small, large] = [pool([8, 8], cpu, "1Ti"), pool([8, 8], cpu + more, "1Ti")];
      expect(azurePoolOffer(large).cpu).toBeGreaterThanOrEqual(azurePoolOffer(small).cpu);
    }),
  );
});

test.each([
  // 8 GiB beside each core: one node of 8 cores has all the memory.
  ["memory", [8, 16], 32, "64Gi", 8, 64],
  ["compute", [2, 8], 16, "128Gi", 16, 32],
  ["general", [4, 8], 10, "40Gi", 8, 32],
  ["general", [8, 12], 20, "80Gi", 20, 80],
  // Karpenter takes 60 GiB for room of four nodes with 16: it reckons 7.5 % less until it has seen one.
  ["general", [4, 4], 16, "60Gi", 16, 60],
  // Beside a core of a node with GPUs are 4 to 8 GiB.
  ["gpu", [4, 8], 32, "224Gi", 32, 224],
] as const)("nodes of class %s with %p cores reach of %d cores and %s", (name, cpus, cpu, memory, cores, gibibytes) => {
  const offer = awsPoolOffer(pool(cpus, cpu, memory, { class: name }));
  expect([offer.cpu / 1000, offer.memory / 2 ** 30]).toEqual([cores, gibibytes]);
});

test("EKS offers the most cores that nodes of the pool's sizes add up to", () => {
  const sums = (sizes: readonly number[], room: number): number =>
    Math.max(0, ...sizes.filter((size) => size <= room).map((size) => size + sums(sizes, room - size)));
  fc.assert(
    fc.property(
      fc.constantFrom([8, 12] as const, [4, 4] as const, [12, 16] as const, [16, 36] as const),
      fc.integer({ min: 4, max: 120 }),
      (cpus, cpu) => {
        const some = pool(cpus, cpu, "2Ti");
        const sizes = awsInstanceCores(some).filter((cores) => cores >= some.cpus[0] && cores <= some.cpus[1]);
        expect(awsPoolOffer(some).cpu / 1000).toBe(sums(sizes, cpu));
      },
    ),
  );
});

test("many large nodes leave no gap that smaller ones could fill", () => {
  expect(awsPoolOffer(pool([2, 384], 1_000_001, "4096Ti")).cpu).toBe(1_000_000_000);
});

test("what types have that the config names is not reckoned", () => {
  const named = pool([4, 8], 30, "256Gi", { aws: { instanceTypes: ["r7i.xlarge"] } });
  expect(awsPoolOffer(named)).toMatchObject(named.limits);
});

test("a sum that is refused by less than a tenth says by how much", () => {
  const amount = (what: string, cpu: number) => ({ what, cpu, memory: 2 ** 30 });
  const table = showBalance({ asked: [amount("team-web", 16_001)], offered: [amount("pool web/main", 16_000)] });
  expect(table.split("\n")).toEqual([
    "                          cores  GiB",
    "team-web                 16.001    1",
    "asked                    16.001    1",
    "offered (pool web/main)      16    1",
  ]);
});

test("AKS never offers more than the limits, and keeps its share of every node", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 512 }), fc.integer({ min: 8, max: 2048 }), (cpu, gibibytes) => {
      const some = pool([2, 16], cpu, `${gibibytes}Gi`);
      const size = azureVmSize(some);
      const offer = azurePoolOffer(some);
      expect(offer.cpu).toBeLessThanOrEqual(some.limits.cpu);
      expect(offer.memory).toBeLessThanOrEqual(some.limits.memory);
      if (size) expect(offer.cpu).toBe(nodesWithin(some, size) * azureLargestNode(some).cpu);
    }),
  );
});

test.each([
  // A quarter of 8 GiB is less than what 110 pods would take.
  [[2, 2], 1900, (8192 * 0.975 * 3) / 4 - 100],
  [[4, 4], 3860, 16384 * 0.975 - 2250 - 100],
  [[16, 16], 15740, 65536 * 0.975 - 2250 - 100],
] as const)("what AKS leaves of a node of %p cores is as documented", (cpus, millicores, mebibytes) => {
  const node = azureLargestNode(pool(cpus, 64, "512Gi"));
  expect(node.cpu).toBe(millicores);
  expect(Math.round(node.memory / 2 ** 20)).toBe(Math.round(mebibytes));
});

test("load is the larger share of CPU and memory", () => {
  const item = (cpu: number, memory: number) => ({ what: "", cpu, memory });
  expect(load({ asked: [item(1, 1)], offered: [item(4, 2)] })).toBe(0.5);
  expect(load({ asked: [item(0, 0)], offered: [item(0, 0)] })).toBe(0);
  expect(load({ asked: [item(1, 0)], offered: [item(0, 1)] })).toBe(Infinity);
});

test("the load is of the resource with the largest share, GPUs only where a team asks for some", () => {
  const offered = [{ what: "", cpu: 4, memory: 8, pods: 10, gpus: 1 }];
  const of = (asked: object) =>
    loadOf({ asked: [{ what: "", cpu: 1, memory: 1, pods: 0, gpus: 0, ...asked }], offered });
  expect(of({})).toBe("cpu");
  expect(of({ memory: 6 })).toBe("memory");
  expect(of({ pods: 9 })).toBe("pods");
  expect(of({ gpus: 1 })).toBe("gpus");
});

test("where environments have components, the sums say so", () => {
  const platform = platformOf((d) => (d.environments.dev.components = ["argo-cd"]));
  const [aws] = platform.clusters;
  const [dev] = platform.environments;
  if (!aws || !dev) throw new Error("the config has both");
  expect(environmentItems(platform, dev).map(({ what }) => what)).toContain("its control plane and components");
  expect(sharedItems(platform, aws).map(({ what }) => what)).toContain("environments' control planes and components");
});

test("a sum over several pools shows each of them", () => {
  const platform = platformOf(
    (d) => (d.teams.web.nodePools.more = { class: "memory", cpus: [8, 8], limits: { cpu: 8, memory: "64Gi" } }),
  );
  const [aws] = platform.clusters;
  const web = platform.teams.find(({ name }) => name === "web");
  if (!aws || !web) throw new Error("the config has both");
  const balance = teamBalance(web, aws);
  expect(balance && showBalance(balance)).toBe(
    [
      "               cores  GiB",
      "team-web           4   16",
      "in dev             2    8",
      "asked              6   24",
      "pool web/main     32  128",
      "pool web/more      8   64",
      "offered           40  192",
    ].join("\n"),
  );
  expect(sum(teamQuotas(web)).cpu).toBe(6000);
});

test("an environment without a cap has nothing to be measured against", () => {
  const platform = platformOf();
  expect(platform.environments.map((environment) => environmentBalance(platform, environment))).toEqual([undefined]);
});
