import fc from "fast-check";
import { azurePoolName, azurePriorities, azureVmSize } from "../../config/clouds/azure-node-pools";
import { nodePoolSchema, type NodePool } from "../../config/node-pools";
import { RULES } from "../../config/rules";
import { changed, platformOf } from "../support/config";
import { platformSchema } from "../../config/schema";

function pool(team: string, name: string, more: object = {}): NodePool {
  return {
    ...nodePoolSchema.parse({ class: "general", cpus: [4, 8], limits: { cpu: 32, memory: "128Gi" }, ...more }),
    team,
    name,
  };
}

/** As `platformOf` has it. */
const CLUSTER = { location: "swedencentral", hostEncryption: true, network: {} };

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}[a-z0-9]$/);

test("names are what AKS takes: at most 12 lower-case letters and digits, a letter first", () => {
  fc.assert(
    fc.property(name, name, fc.constantFrom("Spot" as const, "Regular" as const), (team, id, priority) => {
      expect(azurePoolName(pool(team, id), priority, CLUSTER)).toMatch(/^[a-z][a-z0-9]{0,11}$/);
    }),
  );
});

test("pools of different teams or names have different names", () => {
  fc.assert(
    fc.property(name, name, name, name, (team, id, otherTeam, otherId) => {
      fc.pre(team !== otherTeam || id !== otherId);
      expect(azurePoolName(pool(team, id), "Spot", CLUSTER)).not.toBe(
        azurePoolName(pool(otherTeam, otherId), "Spot", CLUSTER),
      );
    }),
  );
});

test("the name changes with what cannot change in place, and with nothing else", () => {
  const before = azurePoolName(pool("web", "main"), "Regular", CLUSTER);
  expect(
    azurePoolName(
      pool("web", "main", { limits: { cpu: 64, memory: "256Gi" }, labels: { a: "b" }, taint: false }),
      "Regular",
      CLUSTER,
    ),
  ).toBe(before);
  expect(azurePoolName(pool("web", "main", { cpus: [4, 16] }), "Regular", CLUSTER)).not.toBe(before);
  expect(azurePoolName(pool("web", "main", { azure: { maxPods: 50 } }), "Regular", CLUSTER)).not.toBe(before);
  expect(azurePoolName(pool("web", "main", { azure: { zones: ["1"] } }), "Regular", CLUSTER)).not.toBe(before);
  expect(azurePoolName(pool("web", "main", { azure: { osDisk: "Managed" } }), "Regular", CLUSTER)).not.toBe(before);
  expect(azurePoolName(pool("web", "main"), "Regular", { ...CLUSTER, hostEncryption: false })).not.toBe(before);
  expect(azurePoolName(pool("web", "main"), "Regular", { ...CLUSTER, location: "westus" })).not.toBe(before);
  const elsewhere = { ...CLUSTER, network: { existing: { nodeSubnet: "/subscriptions/a" } } };
  expect(azurePoolName(pool("web", "main"), "Regular", elsewhere)).not.toBe(before);
});

test("two pools of one name are refused", () => {
  const rule = RULES.find(({ id }) => id === "azure-pool-name");
  const platform = platformOf();
  const [web] = platform.teams.filter((team) => team.name === "web");
  if (!rule || !web) throw new Error("both are there");
  // A clash of hashes cannot be written into a config, so the platform has one pool twice.
  const twice = { ...platform, teams: [{ ...web, nodePools: [...web.nodePools, ...web.nodePools] }] };
  const parsed = platformSchema.parse(changed(() => undefined));
  const clash = azurePoolName(web.nodePools[0] as NodePool, "Regular", CLUSTER);
  expect(rule.check(twice, { parsed, written: {}, known: { clusters: [], groups: [], environments: [] } })).toEqual([
    {
      path: "teams.web.nodePools.main",
      message: `would be on azure-platform an AKS node pool "${clash}", which teams.web.nodePools.main is already; rename one`,
    },
  ]);
});

test("the largest size of the class within range and limits is chosen", () => {
  expect(azureVmSize(pool("web", "main"))?.name).toBe("Standard_D8ds_v5");
  expect(azureVmSize(pool("web", "main", { limits: { cpu: 4, memory: "16Gi" } }))?.name).toBe("Standard_D4ds_v5");
  expect(azureVmSize(pool("web", "main", { architecture: "arm64", class: "memory" }))?.name).toBe("Standard_E8pds_v5");
  expect(azureVmSize(pool("web", "main", { cpus: [3, 3] }))).toBeUndefined();
});

test("spot with fallback is a pair, so that the autoscaler can choose", () => {
  expect(azurePriorities(pool("web", "main", { capacity: "spot-with-fallback" }))).toEqual(["Regular", "Spot"]);
  expect(azurePriorities(pool("web", "main", { capacity: "spot" }))).toEqual(["Spot"]);
  expect(azurePriorities(pool("web", "main"))).toEqual(["Regular"]);
});
