import { findStack } from "../../../../../config/layers";
import { coresInUse, demandsOf, judgeCount } from "../../../../../stacks/azure/operations/preflight/quotas";
import {
  judgeVcpus,
  quotasOf,
  type Demand,
  type VcpuQuota,
} from "../../../../../stacks/azure/operations/preflight/vcpus";
import { vmSize } from "../../../../support/azure-skus";
import { platformOf, type Draft } from "../../../../support/config";

const SKUS = [
  vmSize("Standard_D4ds_v5"),
  vmSize("Standard_D8ds_v5", { capabilities: { vCPUs: "8", MemoryGB: "32" } }),
  vmSize("Standard_NC4as_T4_v3", { family: "Standard NCASv3_T4 Family", capabilities: { MemoryGB: "28", GPUs: "1" } }),
];
const SCOPE = "/subscriptions/0/providers/Microsoft.Compute/locations/swedencentral";

function demands(change: (azure: Draft, draft: Draft) => void = () => undefined): readonly Demand[] {
  const platform = platformOf((draft) => {
    change(draft.clusters["azure-platform"], draft);
  });
  return demandsOf({ platform, cluster: findStack(platform, "azure-platform", "azure").cluster }, SKUS);
}

test("system nodes and pools ask for all their nodes; a team's pool begins empty, the shared one with a node", () => {
  const family = "standardDDSv5Family";
  expect(demands()).toEqual([
    { who: "system nodes", family, markets: ["on-demand"], most: 12, least: 8, node: 4 },
    { who: "pool shared", family, markets: ["on-demand"], most: 64, least: 8, node: 8 },
    { who: "pool web/main", family, markets: ["on-demand"], most: 32, least: 0, node: 8 },
  ]);
});

test("a pool that may fall back counts in both markets; spot counts apart, whatever its family", () => {
  const [, , web] = demands((_azure, draft) => (draft.teams.web.nodePools.main.capacity = "spot-with-fallback"));
  expect(web).toMatchObject({ markets: ["spot", "on-demand"] });
  const spot = demands((_azure, draft) =>
    Object.assign(draft.teams.web.nodePools.main, {
      class: "gpu",
      cpus: [4, 4],
      capacity: "spot",
      limits: { cpu: 8, memory: "64Gi" },
    }),
  );
  expect(spot[2]).toEqual({
    who: "pool web/main",
    family: "Standard NCASv3_T4 Family",
    markets: ["spot"],
    most: 8,
    least: 0,
    node: 4,
  });
  expect(quotasOf(spot).map(({ name }) => name)).toEqual(["cores", "standardDDSv5Family", "lowPriorityCores"]);
});

test("a size that the location does not know is left to the check of sizes; system nodes of somebody else are there", () => {
  expect(
    demands((azure, draft) => {
      azure.existing = { name: "theirs", resourceGroup: "g" };
      delete azure.access.public;
      draft.teams.web.nodePools.main.azure = { vmSize: "Standard_D8ds_v9", cpu: 8, memoryGibibytes: 32 };
    }).map(({ who }) => who),
  ).toEqual(["pool shared"]);
});

const [region, family] = quotasOf(demands()) as readonly [VcpuQuota, VcpuQuota];
const spotQuota: VcpuQuota = { name: "lowPriorityCores", market: "spot", subject: "quota: spot vCPUs" };

test("machines of the cluster's own are counted by family and market", () => {
  const set = (name: string, capacity: number, priority?: string) => ({
    sku: { name, capacity },
    properties: { virtualMachineProfile: { priority } },
  });
  const running = [set("Standard_D4ds_v5", 2), set("standard_nc4as_t4_v3", 1), set("Standard_D8ds_v5", 1, "Spot"), {}];
  expect([region, family, spotQuota].map((quota) => coresInUse(running, quota, SKUS))).toEqual([12, 8, 8]);
});

describe("cores of a family: system nodes 12 at most and 8 at first, the shared pool 64, the team's 32", () => {
  const judge = (value: number, inUse = 0) => judgeVcpus(family, value, inUse, demands(), SCOPE);

  test("108 are just enough", () => {
    expect(judge(108)).toEqual({
      severity: "ok",
      subject: "quota: vCPUs of standardDDSv5Family",
      found: "system nodes 12 + pool shared 64 + pool web/main 32 = 108 at most; 108 allowed, 0 in use by others",
    });
  });

  test("one more in use, and pools stop early: a warning with the request that helps", () => {
    expect(judge(108, 1)).toEqual({
      severity: "warn",
      subject: "quota: vCPUs of standardDDSv5Family",
      found:
        "system nodes 12 + pool shared 64 + pool web/main 32 = 108 at most; 108 allowed, 1 in use by others: pools stop growing before their limits",
      fix: `az quota update --resource-name standardDDSv5Family --scope ${SCOPE} --limit-object value=109 --resource-type dedicated --subscription 0`,
    });
  });

  test("8 of system nodes and 8 of the shared pool must fit together: less is an error, though each alone would fit", () => {
    expect(judge(15)).toMatchObject({
      severity: "error",
      found: expect.stringMatching(/: too little for the 16 of the first nodes$/),
    });
  });

  test("no room for one node of a team's pool, which begins empty, is a warning", () => {
    expect(judge(23)).toMatchObject({
      severity: "warn",
      found: expect.stringMatching(/: beside the first nodes there is no room for one of pool web\/main$/),
    });
    expect(judge(24).found).toMatch(/: pools stop growing before their limits$/);
  });
});

test("spot never stops a deploy: a pool may be empty, or go to another market", () => {
  const demand: Demand = { who: "pool x", family: "f", markets: ["spot", "on-demand"], most: 32, least: 4, node: 4 };
  expect(judgeVcpus(spotQuota, 0, 0, [demand], SCOPE)).toMatchObject({
    severity: "warn",
    found: expect.stringMatching(/: pools stop growing before their limits$/),
  });
  expect(judgeVcpus(spotQuota, 0, 0, [{ ...demand, markets: ["spot"], least: 0 }], SCOPE)).toMatchObject({
    severity: "warn",
    found: expect.stringMatching(/no room for one of pool x$/),
    fix: expect.stringMatching(/--resource-name lowPriorityCores .* --resource-type lowPriority /),
  });
});

test("the name of a family that has spaces is one word of the command", () => {
  const quota: VcpuQuota = { ...family, name: "Standard NCASv3_T4 Family" };
  expect(judgeVcpus(quota, 0, 0, demands(), SCOPE).fix).toContain(
    "--resource-name 'Standard NCASv3_T4 Family' --scope",
  );
});

test.each([
  [2, 18, 20, "ok"],
  [2, 19, 20, "error"],
])("%i addresses needed, %i in use, %i allowed: %s", (needed, inUse, value, severity) => {
  const count = {
    subject: "quota: public addresses",
    name: "IPv4StandardSkuPublicIpAddresses",
    needed,
    inUse,
    scope: SCOPE,
  };
  expect(judgeCount(count, value).severity).toBe(severity);
});
