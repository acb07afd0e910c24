/** The weekly report as the CronJob runs it: a process of its own, against doubles of the cost tool's and of Kubernetes's API. */
import { execFile, execFileSync } from "node:child_process";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import type { Draft } from "../support/config";

const FILES = join(__dirname, "..", "..", "charts", "cost-report", "files");
const GIBIBYTE = 2 ** 30;
const WEEK = { from: "2026-11-09T00:00:00.000Z", to: "2026-11-16T00:00:00.000Z" };
const WINDOW = "2026-11-09T00:00:00Z,2026-11-16T00:00:00Z";

const label = (team: string, extra: Record<string, string> = {}) => ({
  "stackyard.dev/team": team,
  "stackyard.dev/cost-center": `CC-${team}`,
  ...extra,
});
interface Namespace {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
}

const NAMESPACES: readonly Namespace[] = [
  { name: "argocd", labels: { "stackyard.dev/cost-center": "shared" } },
  { name: "kube-system" },
  { name: "team-ml-train", labels: label("ml", { "stackyard.dev/project": "vision" }) },
  { name: "team-ml-serve", labels: label("ml", { "stackyard.dev/project": "vision" }) },
  { name: "team-web", labels: label("web") },
  {
    name: "vcluster-acme-dev",
    labels: { "stackyard.dev/environment": "dev", "stackyard.dev/cost-center": "shared" },
  },
];

/** Cost of CPU and memory, and requested and used cores, over some hours of the week; the rest as the API leaves it out. */
function allocation(cpuCost: number, ramCost: number, more: Record<string, unknown> = {}) {
  return {
    minutes: 7 * 24 * 60,
    cpuCost,
    cpuCostAdjustment: 0,
    ramCost,
    ramCostAdjustment: 0,
    gpuCost: 0,
    pvCost: 0,
    networkCost: 0,
    loadBalancerCost: 0,
    cpuCoreRequestAverage: 2,
    cpuCoreUsageAverage: 0.5,
    ramByteRequestAverage: 4 * GIBIBYTE,
    ramByteUsageAverage: 3 * GIBIBYTE,
    ...more,
  };
}

const node = (name: string, totalCost: number, labels: Record<string, string> = {}) => ({
  type: "Node",
  properties: { name },
  labels,
  totalCost,
});

/** Two shared nodes, and one of team ml's own. Every part of the rule has an amount that nothing else has. */
const ALLOCATIONS = {
  "shared-1/team-web/__unallocated__": allocation(6, 2, { pvCost: 1.5, networkCost: 0.25, loadBalancerCost: 0.5 }),
  "shared-2/vcluster-acme-dev/team-web": allocation(3, 1, { minutes: 84 * 60 }),
  "shared-2/vcluster-acme-dev/team-ml": allocation(2, 2, { cpuCostAdjustment: -0.5 }),
  "shared-2/vcluster-acme-dev/kube-system": allocation(0.25, 0.25),
  "shared-2/vcluster-acme-dev/__unallocated__": allocation(1, 1),
  "shared-1/argocd/__unallocated__": allocation(4, 4),
  "ml-1/team-ml-serve/__unallocated__": allocation(20, 5, { gpuCost: 30 }),
  "ml-1/kube-system/__unallocated__": allocation(1, 1),
  "__unmounted__/__unmounted__/__unallocated__": allocation(0, 0, { pvCost: 0.75, minutes: null }),
};
const ASSETS = {
  a: node("shared-1", 20),
  b: node("shared-2", 15),
  c: node("ml-1", 70, { stackyard_dev_team: "ml" }),
  d: { type: "ClusterManagement", totalCost: 16.8 },
  e: { type: "Disk", storageClass: "__local__", totalCost: 2 },
  f: { type: "Disk", storageClass: "gp3", totalCost: 99, claimNamespace: "team-web" },
  g: { type: "LoadBalancer", totalCost: 99 },
};

interface Answers {
  readonly allocation?: unknown;
  readonly assets?: unknown;
  readonly code?: number;
  readonly namespaces?: readonly Namespace[];
  readonly patch?: number;
}

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly asked: readonly URL[];
  /** What was written, by path. */
  readonly written: ReadonlyMap<string, Record<string, string>>;
  readonly tokens: ReadonlySet<string | undefined>;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

const listening = (server: Server): Promise<string> =>
  new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => {
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    }),
  );

/** Runs the report for the week before Wednesday, 18 November 2026. */
async function run(answers: Answers = {}): Promise<Ran> {
  const asked: URL[] = [];
  const written = new Map<string, Record<string, string>>();
  const tokens = new Set<string | undefined>();
  const server = createServer((request, response) => {
    void (async () => {
      const url = new URL(request.url ?? "", "http://double");
      const answer = (body: unknown, status = 200) => response.writeHead(status).end(JSON.stringify(body));
      const { code = 200 } = answers;
      asked.push(url);
      if (url.pathname === "/cost/allocation") answer({ code, data: answers.allocation ?? [ALLOCATIONS] }, code);
      else if (url.pathname === "/cost/assets") answer({ code, data: answers.assets ?? ASSETS }, code);
      else {
        tokens.add(request.headers.authorization);
        if (url.pathname === "/api/v1/namespaces")
          answer({ items: (answers.namespaces ?? NAMESPACES).map((metadata) => ({ metadata })) });
        else if (request.method === "PATCH" && request.headers["content-type"] === "application/merge-patch+json") {
          written.set(url.pathname, (JSON.parse(await bodyOf(request)) as { data: Record<string, string> }).data);
          answer({}, answers.patch ?? 200);
        } else answer({}, 405);
      }
    })();
  });
  const home = mkdtempSync(join(tmpdir(), "cost-report-"));
  const api = await listening(server);
  try {
    writeFileSync(join(home, "token"), "secret\n");
    const env = { COST_API: `${api}/cost`, KUBERNETES_API: api, TOKEN_FILE: join(home, "token"), DAY: "2026-11-18" };
    return await new Promise((resolve) =>
      execFile(process.execPath, [join(FILES, "report.mjs")], { env }, (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code) : 0, stdout, stderr, asked, written, tokens });
      }),
    );
  } finally {
    server.close();
    rmSync(home, { recursive: true });
  }
}

const reportOf = (ran: Ran, home: string) =>
  JSON.parse(ran.written.get(`/api/v1/namespaces/${home}/configmaps/cost-report`)?.["report.json"] ?? "null");

describe("a week with two teams", () => {
  let ran: Ran;
  beforeAll(async () => {
    ran = await run();
  });

  test("is asked for from Monday to Monday, and once", () => {
    expect(ran.stderr).toBe("");
    expect(ran.code).toBe(0);
    expect(ran.asked.map(({ pathname, searchParams }) => [pathname, searchParams.get("window")])).toEqual([
      ["/api/v1/namespaces", null],
      ["/cost/allocation", WINDOW],
      ["/cost/assets", WINDOW],
      ["/api/v1/namespaces/team-ml-serve/configmaps/cost-report", null],
      ["/api/v1/namespaces/team-web/configmaps/cost-report", null],
    ]);
    expect([...ran.tokens]).toEqual(["Bearer secret"]);
  });

  // Shared nodes: 35, of which pods 29 - 0.5 + ... ; computed here by hand, with nothing of the script.
  const idleShared = 20 - (6 + 2 + 4 + 4) + (15 - (3 + 1 + 1.5 + 2 + 0.5 + 2));
  const idleMl = 70 - (20 + 5 + 30) - 2;
  const platform = 16.8 + 2 + 0.5 + 2 + 8 + 2 + 0.75;
  const weight = { web: 6 + 2 + 3 + 1, ml: 1.5 + 2 };
  const part = (team: "web" | "ml") => weight[team] / (weight.web + weight.ml);

  test("gives a team what its pods ask for, on the host and in virtual clusters, by kind", () => {
    expect(reportOf(ran, "team-web")).toMatchObject({
      team: "web",
      project: "web",
      costCenter: "CC-web",
      week: WEEK,
      direct: { cpu: 9, memory: 3, gpu: 0, storage: 1.5, network: 0.75 },
      namespaces: [
        { name: "team-web", total: 10.25 },
        { name: "dev/team-web", total: 4 },
      ],
    });
    expect(reportOf(ran, "team-ml-serve")).toMatchObject({
      project: "vision",
      direct: { cpu: 21.5, memory: 7, gpu: 30, storage: 0, network: 0 },
      namespaces: [
        { name: "dev/team-ml", total: 3.5 },
        { name: "team-ml-serve", total: 55 },
      ],
    });
  });

  test("gives a team the idle time of its own nodes alone", () => {
    expect(reportOf(ran, "team-web").idle).toBe(0);
    expect(reportOf(ran, "team-ml-serve").idle).toBe(idleMl);
  });

  test.each(["web", "ml"] as const)("divides what is shared by what pods on shared nodes ask for: %s", (team) => {
    const report = reportOf(ran, { web: "team-web", ml: "team-ml-serve" }[team]);
    expect(Math.abs(report.idleOfShared - idleShared * part(team))).toBeLessThan(0.01);
    expect(Math.abs(report.platform - platform * part(team))).toBeLessThan(0.01);
  });

  test("loses nothing: the teams together cost what the cluster cost", () => {
    const cluster = 20 + 15 + 70 + 16.8 + 2 + 1.5 + 0.25 + 0.5 + 0.75;
    const total = ["team-web", "team-ml-serve"].reduce((sum, home) => sum + Number(reportOf(ran, home).total), 0);
    expect(total).toBeCloseTo(cluster, 8);
    expect(ran.stdout).toContain(
      `total ${cluster.toFixed(2)}, of which shared: idle ${idleShared.toFixed(2)}, platform ${platform.toFixed(2)}`,
    );
  });

  test("sets used against requested, averaged over the week", () => {
    // 2 cores all week, and 2 more for half of it.
    expect(reportOf(ran, "team-web")).toMatchObject({
      cpu: { requested: 3, used: 0.75, efficiency: 0.25 },
      memory: { requested: 6, used: 4.5, efficiency: 0.75 },
    });
  });

  test("is written for people, too, and printed", () => {
    const text = ran.written.get("/api/v1/namespaces/team-web/configmaps/cost-report")?.["report.md"];
    expect(text).toMatchInlineSnapshot(`
      "# web, 2026-11-09 to 2026-11-16

      Project web, cost centre CC-web. Money is in the currency of the cost tool's prices.

      | what | cost |
      | --- | ---: |
      | cpu | 9.00 |
      | memory | 3.00 |
      | gpu | 0.00 |
      | storage | 1.50 |
      | network | 0.75 |
      | idle on its own nodes | 0.00 |
      | its part of idle shared nodes | 6.97 |
      | its part of the platform | 24.81 |
      | **total** | 46.03 |

      | namespace | cost | cores requested | used | | GiB requested | used | |
      | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
      | team-web | 10.25 | 2 | 0.5 | 25 % | 4 | 3 | 75 % |
      | dev/team-web | 4.00 | 1 | 0.25 | 25 % | 2 | 1.5 | 75 % |
      | **all** | 14.25 | 3 | 0.75 | 25 % | 6 | 4.5 | 75 % |"
    `);
    expect(ran.stdout).toContain(text);
  });
});

test("asks OpenCost and Kubecost alike, whose sets are bare or in a list", async () => {
  const bare = await run({ allocation: ALLOCATIONS, assets: [ASSETS] });
  expect([...bare.written]).toEqual([...(await run()).written]);
});

test("divides evenly where no team has pods on shared nodes", async () => {
  const ran = await run({
    allocation: [{ "shared-1/argocd/__unallocated__": allocation(4, 4) }],
    assets: { a: node("shared-1", 20) },
  });
  expect(reportOf(ran, "team-web")).toMatchObject({ total: 10, idleOfShared: 6, platform: 4, namespaces: [] });
  expect(reportOf(ran, "team-ml-serve")).toMatchObject({ total: 10, idleOfShared: 6, platform: 4 });
});

test("knows a namespace in a virtual cluster by its name, whosever it is on the host", async () => {
  const ran = await run({
    namespaces: [
      ...NAMESPACES,
      { name: "team-web-shop", labels: label("web") },
      { name: "shop", labels: label("web-shop") },
    ],
    allocation: [{ "shared-1/vcluster-acme-dev/team-web-shop": allocation(1, 1) }],
    assets: { a: node("shared-1", 2) },
  });
  expect(reportOf(ran, "shop").namespaces).toMatchObject([{ name: "dev/team-web-shop", total: 2 }]);
  expect(reportOf(ran, "team-web").total).toBe(0);
});

test("counts what no namespace of today owns as the platform's", async () => {
  const ran = await run({
    namespaces: [{ name: "team-web", labels: label("web") }],
    allocation: [{ "gone/team-gone/__unallocated__": allocation(1, 1) }],
    assets: { a: node("gone", 5, { label_stackyard_dev_team: "gone" }) },
  });
  expect(reportOf(ran, "team-web")).toMatchObject({ total: 5, platform: 2, idleOfShared: 3 });
});

test.each<[string, Answers, string]>([
  ["no cost at all", { allocation: [] }, `there is no cost for ${WINDOW}: nothing to report\n`],
  ["a set without cost", { allocation: [{}] }, `there is no cost for ${WINDOW}: nothing to report\n`],
  ["no teams", { namespaces: [{ name: "default" }] }, "there are no teams: nobody to divide the cost among\n"],
])("says so, and writes nothing, where there is %s", async (_, answers, message) => {
  const ran = await run(answers);
  expect(ran.stdout).toBe(message);
  expect(ran.code).toBe(0);
  expect(ran.written.size).toBe(0);
});

test.each<[string, Answers, RegExp]>([
  ["an API that fails", { code: 500 }, /GET \S+\/cost\/allocation\S+ answered 500/],
  ["an answer without data", { allocation: "soon" }, /cost\/allocation\S+ answered without data/],
  ["a set for each day", { allocation: [ALLOCATIONS, ALLOCATIONS] }, /answered with 2 sets instead of one/],
  ["assets without a node", { assets: {} }, /name no node: idle cost is not known/],
  [
    "a cost that is no number",
    { allocation: [{ "n/team-web/__unallocated__": { cpuCost: "1" } }] },
    /cpuCost of n\/team-web\/__unallocated__ is "1", not a number/,
  ],
])("fails, and writes nothing, at %s", async (_, answers, message) => {
  const ran = await run(answers);
  expect(ran.stderr).toMatch(message);
  expect(ran.code).toBe(1);
  expect(ran.written.size).toBe(0);
});

test("fails where a team's ConfigMap cannot be written, after those of the others", async () => {
  const ran = await run({ patch: 403 });
  expect(ran.stderr).toMatch(/PATCH \S+\/team-ml-serve\/configmaps\/cost-report answered 403/);
  expect(ran.code).toBe(1);
  expect(ran.written.size).toBe(2);
});

/** `divide` on many weeks, in one process: Jest does not load modules as Node does. */
function divideAll(weeks: readonly unknown[]): { reports: Draft[]; total: number }[] {
  const script = `
    import { divide } from ${JSON.stringify(join(FILES, "divide.mjs"))};
    let input = "";
    for await (const chunk of process.stdin) input += chunk;
    const weeks = JSON.parse(input).map(({ namespaces, allocations, assets }) =>
      divide(namespaces, Object.entries(allocations), assets, ${JSON.stringify(WEEK)}));
    console.log(JSON.stringify(weeks));`;
  return JSON.parse(
    execFileSync(process.execPath, ["--input-type=module", "-e", script], {
      input: JSON.stringify(weeks),
      maxBuffer: 2 ** 28,
      encoding: "utf8",
    }),
  );
}

test("to the cent, teams together cost what all pods and all idle nodes cost, whatever the week", () => {
  const amount = fc.double({ min: 0, max: 500, noNaN: true });
  const week = fc.record({
    pods: fc.array(
      fc.record({
        node: fc.constantFrom("n1", "n2", "n3"),
        place: fc.constantFrom("team-a/x", "team-b/x", "argocd/x", "vcluster-dev/team-a", "vcluster-dev/other"),
        cpuCost: amount,
        pvCost: amount,
      }),
      { minLength: 1, maxLength: 12 },
    ),
    nodes: fc.tuple(amount, amount, amount),
    fee: amount,
  });
  const weeks = fc.sample(week, { numRuns: 300, seed: 20261121 }).map(({ pods, nodes, fee }) => ({
    namespaces: [
      { name: "team-a", labels: label("a") },
      { name: "team-b", labels: label("b") },
      { name: "argocd", labels: {} },
      { name: "vcluster-dev", labels: { "stackyard.dev/environment": "dev" } },
    ],
    allocations: Object.fromEntries(
      pods.map(({ node, place, ...costs }) => [`${node}/${place}`, { minutes: 60, ...costs }]),
    ),
    assets: [
      node("n1", nodes[0]),
      node("n2", nodes[1], { stackyard_dev_team: "a" }),
      node("n3", nodes[2]),
      { type: "ClusterManagement", totalCost: fee },
    ],
  }));
  divideAll(weeks).forEach(({ reports, total }, index) => {
    const { allocations, assets } = weeks[index] as (typeof weeks)[number];
    const pods = Object.entries(allocations);
    const idle = assets.map(({ totalCost, ...asset }) => {
      const name = "properties" in asset ? asset.properties.name : "";
      const used = pods
        .filter(([key]) => key.startsWith(`${name}/`))
        .reduce((sum, [, { cpuCost }]) => sum + cpuCost, 0);
      return Math.max(totalCost - used, 0);
    });
    const cluster = [...idle, ...pods.flatMap(([, { cpuCost, pvCost }]) => [cpuCost, pvCost])];
    expect(Math.abs(total - cluster.reduce((sum, cost) => sum + cost, 0))).toBeLessThanOrEqual(0.005 + 1e-6);
    const cents = (value: number) => Math.round(value * 100);
    for (const report of reports) {
      const parts = [
        ...Object.values(report.direct as Record<string, number>),
        report.idle,
        report.idleOfShared,
        report.platform,
      ];
      expect(parts.reduce<number>((sum, part) => sum + cents(Number(part)), 0)).toBe(cents(report.total));
    }
    expect(reports.reduce<number>((sum, report) => sum + cents(report.total), 0)).toBe(cents(total));
  });
});
