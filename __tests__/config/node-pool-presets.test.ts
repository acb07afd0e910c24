import { awsLargestNode, awsPoolOffer } from "../../config/clouds/aws-node-pools";
import { azurePoolOffer, azureVmSize, nodesWithin } from "../../config/clouds/azure-node-pools";
import { nodePoolSchema, type NodePool } from "../../config/node-pools";
import { highMemory, NODE_POOL_PRESETS } from "../../config/node-pool-presets";
import { formatMemory, GIBIBYTE } from "../../config/quantities";
import { changed, problemsOf } from "../support/config";
import { table, tableBelow } from "../support/markdown";

const CATEGORY = { general: "m", compute: "c", memory: "r", gpu: "g" } as const;

const poolOf = (name: keyof typeof NODE_POOL_PRESETS): NodePool => ({
  ...nodePoolSchema.parse(NODE_POOL_PRESETS[name]()),
  team: "web",
  name,
});

const names = Object.keys(NODE_POOL_PRESETS) as (keyof typeof NODE_POOL_PRESETS)[];

test.each(names)("%s is a pool that both clouds have", (name) => {
  expect(problemsOf(changed((d) => (d.teams.web.nodePools.more = NODE_POOL_PRESETS[name]())))).toEqual([]);
});

test("the docs say what becomes of each on each cloud", () => {
  const gpus = (count: number | undefined) => (count ? `, ${count} GPUs` : "");
  const rows = names.map((name) => {
    const pool = poolOf(name);
    const size = azureVmSize(pool);
    const { cpu, memory } = pool.limits;
    const types =
      pool.aws.instanceTypes?.join(", ") ??
      `${CATEGORY[pool.class]} types of ${[...new Set(pool.cpus)].join(" to ")} cores`;
    return [
      `\`${name}\``,
      `${pool.class}, ${pool.capacity}, ${pool.taint ? "tainted" : "no taint"}`,
      `${types}, together ${cpu / 1000} cores and ${formatMemory(memory)}${gpus(awsPoolOffer(pool).gpus)}`,
      `to ${size ? nodesWithin(pool, size) : 0} ${size?.name ?? ""}${gpus(azurePoolOffer(pool).gpus)}`,
    ];
  });
  expect(tableBelow("config.md", "Pools for common purposes")).toBe(table(["preset", "is", "on EKS", "on AKS"], rows));
});

test("what is given wins over the preset, and maps are merged", () => {
  const pool = NODE_POOL_PRESETS["gpu-a100"]({ capacity: "spot", labels: { a: "b" }, azure: { maxPods: 50 } });
  expect(pool).toMatchObject({
    class: "gpu",
    capacity: "spot",
    labels: { pool: "gpu-a100", a: "b" },
    aws: { instanceTypes: ["p4d.24xlarge"] },
    azure: { vmSize: "Standard_NC24ads_A100_v4", maxPods: 50 },
  });
});

test("a preset without maps has none: the pool's own defaults hold", () => {
  expect(Object.keys(highMemory())).toEqual(["class", "cpus", "capacity", "limits"]);
});

test("a container of 250 GiB has a node in high-memory, and the A100s' machine has its real memory", () => {
  expect(awsLargestNode(poolOf("high-memory")).memory / GIBIBYTE).toBeGreaterThan(250);
  // 1,082,712 MiB on AL2023, by Karpenter's list.
  expect(awsLargestNode(poolOf("gpu-a100")).memory / 2 ** 20).toBeCloseTo(1_082_712, -1);
});

test("a container above 64 GiB is allowed where there is a pool for it", () => {
  const problems = problemsOf(
    changed((d) => {
      d.teams.web.nodePools.index = highMemory();
      d.teams.web.containers = { max: { cpu: 8, memory: "200Gi" } };
    }),
  );
  expect(problems).toEqual([]);
});
