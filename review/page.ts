/** The summary as one self-contained HTML page: no script, no request, readable from a file. */
import { escape } from "html-escaper";
import { showLoad } from "../config/capacity";
import { showCores, showGibibytes } from "../config/quantities";
import {
  describeUnused,
  type PlatformSummary,
  type StackSummary,
  type TeamSummary,
  type UsageSummary,
} from "./summary";

const STYLE = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 15%, transparent); --soft: color-mix(in srgb, currentColor 60%, transparent); --fill: #3b82f6; --tight: #d97706; --bad: #dc2626; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; } h2 { margin: 2.5rem 0 .25rem; } h3 { margin: 1.5rem 0 .5rem; font-size: 1rem; }
.soft { color: var(--soft); } nav a { margin-right: 1rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; font-size: .85rem; color: var(--soft); } td { font-variant-numeric: tabular-nums; } code { white-space: nowrap; }
.bar { background: var(--line); border-radius: 4px; height: .6rem; width: 9rem; overflow: hidden; margin-top: .45rem; } .bar i { display: block; height: 100%; background: var(--fill); } .bar.tight i { background: var(--tight); }
.pool { display: inline-block; border: 1px solid var(--line); border-radius: 4px; padding: 0 .5rem; margin: 0 .35rem .25rem 0; }
.notice { border-left: 4px solid var(--tight); padding: .25rem 1rem; margin: .75rem 0; } .notice.deny { border-color: var(--bad); }
code { font: .9em ui-monospace, monospace; }
.notice code { white-space: normal; overflow-wrap: anywhere; }
details { margin: 1rem 0; } summary { cursor: pointer; }
`;

export function renderPage(summary: PlatformSummary): string {
  const stacks = summary.stacks.map(stackSection).join("");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(summary.name)}: the platform</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escape(summary.name)}</h1>
<p class="soft">What the platform will be on each cluster, from its config alone.</p>
<nav>${summary.stacks.map(({ name }) => `<a href="#${escape(name)}">${escape(name)}</a>`).join("")}</nav>
${summary.violations
  .map(
    ({ severity, stack, message, rule, address, why, fix }) =>
      `<div class="notice ${severity}"><strong>${severity === "deny" ? "Denied" : "Warning"}</strong> ${escape(stack)}: ${escape(message)} <span class="soft">${escape(rule)}</span><br><code>${escape(address)}</code><br>${escape(why)}<br>${escape(fix)}</div>`,
  )
  .join("\n")}
${summary.waived
  .map(
    ({ violation: { stack, message, rule, address }, waiver: { owner, until, reason } }) =>
      `<div class="notice"><strong>Waived</strong> ${escape(stack)}: ${escape(message)} <span class="soft">${escape(rule)}</span><br><code>${escape(address)}</code><br>by ${escape(owner)} until ${escape(until)}: ${escape(reason)}</div>`,
  )
  .join("\n")}
${summary.unusedWaivers
  .map((waiver) => `<div class="notice"><strong>Warning</strong> ${escape(describeUnused(waiver))}</div>`)
  .join("\n")}
${summary.warnings.map(({ path, message, rule }) => `<div class="notice"><strong>Warning</strong> <code>${escape(path)}</code> ${escape(message)} <span class="soft">${escape(rule)}</span></div>`).join("\n")}
${stacks}
</body>
</html>
`;
}

function stackSection(stack: StackSummary): string {
  return `<section id="${escape(stack.name)}">
<h2>${escape(stack.name)}</h2>
<p class="soft">${escape(stack.what)} · ${escape(stack.domain)} · ${stack.resources} resources</p>
<h3>Teams</h3>
${table(["team", "cost centre", "namespaces", "environments", "cores asked / offered", "GiB asked / offered", "load", "nodes"], [...stack.teams.map((team) => teamRow(team, stack)), ...(stack.shared ? [sharedRow(stack.shared)] : [])])}
<h3>Environments</h3>
${table(
  ["environment", "virtual cluster", "preset", "quota on the host"],
  stack.environments.map(({ name, cluster, preset, quota }) => [
    text(name),
    code(cluster),
    text(preset),
    text(`${showCores(quota.cpu)} cores, ${showGibibytes(quota.memory)} GiB`),
  ]),
)}
<h3>Releases</h3>
${table(
  ["release", "chart", "version", "namespace"],
  stack.releases.map(({ name, chart, version, namespace }) => [
    text(name),
    code(chart),
    text(version ?? "the platform's own"),
    code(namespace),
  ]),
)}
<details><summary>${stack.resources} resources by type</summary>
${table(
  ["type", "number"],
  stack.types.map(([type, count]) => [code(type), text(String(count))]),
)}
</details>
</section>
`;
}

function teamRow(team: TeamSummary, stack: StackSummary): string[] {
  const nodes =
    team.pools.map((pool) => `<span class="pool">${escape(pool)}</span>`).join("") || text(stack.otherNodes);
  return [
    text(team.name),
    text(team.costCenter),
    team.namespaces.map(code).join("<br>"),
    text(team.environments.join(", ")),
    ...usageCells(team),
    nodes,
  ];
}

function sharedRow(shared: UsageSummary): string[] {
  return [
    '<span class="soft">shared pool</span>',
    "",
    "",
    "",
    ...usageCells(shared),
    '<span class="soft">components, control planes, teams without pools</span>',
  ];
}

function usageCells({ asked, offered, load, loadOf }: UsageSummary): string[] {
  const pair = (show: (value: number) => string, of: "cpu" | "memory"): string =>
    text(`${show(asked[of])} / ${offered ? show(offered[of]) : "–"}`);
  const percent = load === undefined ? undefined : Math.round(load * 100);
  const bar =
    percent === undefined || load === undefined || loadOf === undefined
      ? ""
      : `${text(showLoad(load, loadOf))}<div class="bar${percent > 90 ? " tight" : ""}"><i style="width:${Math.min(percent, 100)}%"></i></div>`;
  return [pair(showCores, "cpu"), pair(showGibibytes, "memory"), bar];
}

/** Cells are HTML already. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return `<table><thead><tr>${head.map((cell) => `<th>${escape(cell)}</th>`).join("")}</tr></thead><tbody>
${rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`).join("\n")}
</tbody></table>`;
}

const text = (value: string): string => escape(value);
const code = (value: string): string => `<code>${escape(value)}</code>`;
