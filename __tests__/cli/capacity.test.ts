import { join } from "node:path";
import { stackyard } from "../../cli/stackyard";
import { platformOf, type Draft } from "../support/config";
import { capturePrinted } from "../support/printed";

const config = join(__dirname, "..", "..", "platform.config.ts");
let printed: { out: string; err: string };

beforeEach(() => {
  printed = capturePrinted();
});

afterEach(() => {
  jest.restoreAllMocks();
});

const run = (change: (d: Draft) => void, args: readonly string[], colors = false) =>
  stackyard(["capacity", ...args], { config, colors, load: () => ({ default: platformOf(change) }) });
const nothing = () => undefined;

interface Usage {
  readonly name: string;
  readonly asked: Record<string, number | null>;
  readonly left: Record<string, number | null> | null;
  readonly loadPercent: number | null;
}

interface Printed {
  readonly clusters: readonly {
    readonly name: string;
    readonly total: Usage;
    readonly teams: readonly (Usage & { readonly pools: readonly string[] })[];
    readonly pools: readonly { readonly name: string }[];
    readonly sharedPool: Usage | null;
    readonly environments: readonly Usage[];
  }[];
}

const json = (): Printed => JSON.parse(printed.out) as Printed;

test("a stack's picture has its teams, pools, shared pool and environments, numbers below each other", async () => {
  expect(
    await run(
      (d) => {
        d.teams.docs.quota.pods = 20;
        d.environments.dev.cap = { cpu: 4, memory: "16Gi" };
      },
      ["aws-platform"],
    ),
  ).toBe(0);
  expect(printed.out.split("\n").map((line) => line.trimEnd())).toEqual([
    "aws-platform  EKS 1.34 in eu-west-1",
    "",
    "                                    cores  left          GiB   left          pods     GPUs  storage      load",
    "                               asked / of         asked / of                                    GiB",
    "  teams",
    "    docs (shared pool)             1                 2                  20           0            –",
    "      team-docs                    1                 2                  20           0            –",
    "    web                            6 / 32    26     24 / 128    104      – / 416     0 / 0        –  19 % cpu",
    "      team-web                     4                16                   –           0            –",
    "      in dev                       2                 8                   –           0            –",
    "  pools, for pods",
    "    shared                      / 64             / 256               / 832         / 0",
    "    web/main                    / 32             / 128               / 416         / 0",
    "  shared pool",
    "    shared                       7.5 / 64  56.5   20.4 / 256  235.6     87 / 832     0 / 0        –  12 % cpu",
    "      team docs                    1                 2                  20           0            –",
    "      components                   6              17.1                  60           –            –",
    "      environments' control      0.5               1.3                   7           –            5",
    "        planes",
    "  environments, of caps",
    "    dev                          2.5 / 4    1.5    9.3 / 16     6.8      – / –       0 / –        –  62 % cpu",
    "      team web                     2                 8                   –           0            –",
    "      its control plane          0.5               1.3                   7           –            5",
    "  cluster",
    "    all                         13.5 / 96  82.5   44.4 / 384  339.6      – / 1248    0 / 0        –  14 % cpu",
    "",
  ]);
});

test("without a stack each cluster has its picture, and nodes of somebody else offer nothing", async () => {
  expect(await run(nothing, ["--json"])).toBe(0);
  const { clusters } = json();
  expect(clusters.map(({ name }) => name)).toEqual(["aws-platform", "azure-platform", "local-platform"]);
  const [, , local] = clusters;
  expect(local?.pools).toEqual([]);
  expect(local?.sharedPool).toBeNull();
  expect(local?.teams.map(({ left, loadPercent, pools }) => [left, loadPercent, pools])).toEqual([
    [null, null, []],
    [null, null, []],
  ]);
});

test("keys of the JSON say their units, and null what is not limited", async () => {
  const classes = { "premium-ssd": "512Mi" };
  const change = (d: Draft) => Object.assign(d.teams.web.quota, { storage: "1Gi", storageClasses: classes });
  expect(await run(change, ["azure-platform", "--json"])).toBe(0);
  const [cluster] = json().clusters;
  expect(cluster?.teams[1]).toMatchObject({
    name: "web",
    pools: ["main"],
    asked: { cpuMillicores: 6000, memoryBytes: 24 * 2 ** 30, pods: null, gpus: 0, storageBytes: null },
    parts: [
      {
        name: "team-web",
        cpuMillicores: 4000,
        memoryBytes: 16 * 2 ** 30,
        pods: null,
        gpus: 0,
        storageBytes: 2 ** 30,
        storageClassesBytes: { "premium-ssd": 2 ** 29 },
      },
      {
        name: "in dev",
        cpuMillicores: 2000,
        memoryBytes: 8 * 2 ** 30,
        pods: null,
        gpus: 0,
        storageBytes: null,
        storageClassesBytes: {},
      },
    ],
    loadPercent: 20.8,
    loadOf: "memory",
  });
  expect(cluster?.environments[0]).toMatchObject({
    name: "dev",
    offered: null,
    left: null,
    loadPercent: null,
    loadOf: null,
  });
});

test("a layer stands for its cluster", async () => {
  expect(await run((d) => (d.clusters["aws-platform"].layout = "layered"), ["aws-teams", "--json"])).toBe(0);
  expect(json().clusters.map(({ name }) => name)).toEqual(["aws-platform"]);
});

test("what a quota counts by StorageClass has a line of its own, with a stack or without", async () => {
  const change = (d: Draft) => Object.assign(d.teams.web.quota, { storage: "9Gi", storageClasses: { gp3: "7Gi" } });
  for (const args of [["aws-platform"], []]) {
    printed.out = "";
    expect(await run(change, args)).toBe(0);
    expect(printed.out).toMatch(/^ +team-web, on gp3 +7$/m);
  }
});

test("no line is wider than 110 characters, however much there is", async () => {
  const change = (d: Draft) => {
    delete d.clusters["azure-platform"];
    d.environments.dev.components = ["argo-cd"];
    d.teams["a-team-with-a-long-name"] = {
      costCenter: "CC-3",
      groups: { admin: ["web"] },
      quota: { cpu: 12345.6, memory: "50000Gi", pods: 10000, storage: "100Ti" },
      nodePools: { "a-pool-of-cpus": { class: "general", cpus: [4, 16], limits: { cpu: 20000, memory: "80000Gi" } } },
    };
  };
  expect(await run(change, [])).toBe(0);
  for (const line of printed.out.split("\n")) expect(line.length).toBeLessThanOrEqual(110);
  for (const word of ["control", "planes", "components"]) expect(printed.out).toContain(word);
  expect(printed.out).toMatch(/12346 \/ 20000 +7654 /);
});

test("a tight line is yellow, another is not", async () => {
  expect(await run((d) => (d.teams.web.quota.cpu = 28), ["aws-platform"], true)).toBe(0);
  const lines = printed.out.split("\n");
  // eslint-disable-next-line no-control-regex -- the sequences that colour text
  const yellow = /\u001b\[33m/;
  expect(lines.find((line) => line.includes("94 %"))).toMatch(yellow);
  expect(lines.find((line) => line.includes("12 %"))).not.toMatch(yellow);
});

test("an unknown stack is a mistake", async () => {
  expect(await run(nothing, ["gcp-platform"])).toBe(1);
  expect(printed.err).toBe(
    'error: the config has no stack "gcp-platform"; its stacks are aws-platform, azure-platform, local-platform\n',
  );
});

test("a config that is refused has no picture: its problems have the sums", async () => {
  const load = () => ({ default: platformOf((d) => (d.teams.web.quota.cpu = 40)) });
  expect(await stackyard(["capacity"], { config, load })).toBe(1);
  expect(printed.out).toBe("");
  expect(printed.err).toContain("asked                       42   24");
});
