/**
 * Asks Kubecost or OpenCost what the cluster cost last week, and puts each team's part into a ConfigMap of that team. Node only.
 * Both answer alike: https://opencost.io/docs/integrations/api
 */
import { readFileSync } from "node:fs";
import { divide, KINDS, sum, weekBefore } from "./divide.mjs";

function markdown(report) {
  const money = (amount) => amount.toFixed(2);
  const percent = (share) => (share === null ? "–" : `${Math.round(share * 100)} %`);
  const amounts = [
    ...KINDS.map((kind) => [kind, report.direct[kind]]),
    ["idle on its own nodes", report.idle],
    ["its part of idle shared nodes", report.idleOfShared],
    ["its part of the platform", report.platform],
    ["**total**", report.total],
  ];
  return [
    `# ${report.team}, ${report.week.from.slice(0, 10)} to ${report.week.to.slice(0, 10)}`,
    `Project ${report.project}, cost centre ${report.costCenter}. Money is in the currency of the cost tool's prices.`,
    ["| what | cost |", "| --- | ---: |", ...amounts.map(([what, amount]) => `| ${what} | ${money(amount)} |`)].join(
      "\n",
    ),
    [
      "| namespace | cost | cores requested | used | | GiB requested | used | |",
      "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
      ...[...report.namespaces, { ...report, name: "**all**", total: sum(Object.values(report.direct)) }].map(
        ({ name, total, cpu, memory }) =>
          `| ${name} | ${money(total)} | ${cpu.requested} | ${cpu.used} | ${percent(cpu.efficiency)} | ${memory.requested} | ${memory.used} | ${percent(memory.efficiency)} |`,
      ),
    ].join("\n"),
  ].join("\n\n");
}

async function fetchJson(url, options) {
  const response = await fetch(url, { signal: AbortSignal.timeout(300_000), ...options });
  const body = await response.text();
  if (!response.ok)
    throw new Error(`${options?.method ?? "GET"} ${url} answered ${response.status}: ${body.slice(0, 300)}`);
  return JSON.parse(body);
}

/** The sets of an answer of the cost tool as one list of names and entries. One set in an array, or bare. */
async function fetchCosts(path, parameters) {
  const url = `${process.env.COST_API}/${path}?${new URLSearchParams(parameters)}`;
  const { code, data } = await fetchJson(url);
  if (code !== 200 || typeof data !== "object" || data === null) throw new Error(`${url} answered without data`);
  const sets = [data].flat().filter((set) => set !== null);
  if (sets.length > 1) throw new Error(`${url} answered with ${sets.length} sets instead of one for the whole week`);
  return sets.flatMap((set) => Object.entries(set));
}

async function main() {
  const week = weekBefore(process.env.DAY ? new Date(process.env.DAY) : new Date());
  const window = `${week.from.slice(0, 19)}Z,${week.to.slice(0, 19)}Z`;
  const kubernetes = (path, options = {}) =>
    fetchJson(`${process.env.KUBERNETES_API}${path}`, {
      ...options,
      headers: { authorization: `Bearer ${readFileSync(process.env.TOKEN_FILE, "utf8").trim()}`, ...options.headers },
    });
  const { items } = await kubernetes("/api/v1/namespaces");
  const namespaces = items.map(({ metadata: { name, labels = {} } }) => ({ name, labels }));
  // Idle is computed here, by node: OpenCost calls it includeIdle, Kubecost idle, and neither splits it by node and namespace.
  const allocations = await fetchCosts("allocation", {
    window,
    step: "1d",
    accumulate: "true",
    aggregate: "node,namespace,label:vcluster_loft_sh_namespace",
    includeIdle: "false",
    idle: "false",
  });
  if (allocations.length === 0) return console.log(`there is no cost for ${window}: nothing to report`);
  const assets = (await fetchCosts("assets", { window, accumulate: "true" })).map(([, asset]) => asset);
  if (!assets.some(({ type }) => type === "Node"))
    throw new Error(`the assets for ${window} name no node: idle cost is not known`);
  const { reports, total, shared } = divide(namespaces, allocations, assets, week);
  if (reports.length === 0) return console.log("there are no teams: nobody to divide the cost among");
  const failures = [];
  for (const report of reports) {
    const data = { "report.md": markdown(report), "report.json": JSON.stringify(report, null, 2) };
    console.log(data["report.md"], "\n");
    await kubernetes(`/api/v1/namespaces/${report.home}/configmaps/cost-report`, {
      method: "PATCH",
      headers: { "content-type": "application/merge-patch+json" },
      body: JSON.stringify({ data }),
    }).catch((error) => failures.push(error.message));
  }
  console.log(
    `total ${total.toFixed(2)}, of which shared: idle ${shared.idle.toFixed(2)}, platform ${shared.platform.toFixed(2)}`,
  );
  // One team's ConfigMap that cannot be written keeps no other team's from being so.
  if (failures.length > 0) throw new Error(failures.join("\n"));
}

await main();
