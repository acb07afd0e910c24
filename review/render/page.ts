/** A review as one HTML page with all its detail: no request, readable from a file and without its script. */
import type { Waived } from "../../policies/plan/waivers";
import { createHash } from "node:crypto";
import type { Violation } from "../../policies/plan/rule";
import type { Finding } from "../understand/findings/finding";
import type { ReleaseChange } from "../understand/releases";
import type { TeamChange } from "../understand/team-changes";
import { objects as countObjects } from "../understand/findings/finding";
import { largestFirst, showCost, totalOf } from "../understand/cost";
import { showCounts } from "../understand/verdict";
import type { ObjectChange, OutputReview, Review, StackReview } from "../review";
import { badge, code, LEVELS, list, section, table, text } from "./html";
import { differenceLines, reasonWords, unknownLine } from "./lines";
import { FILTER } from "./page-filter";
import { STYLE } from "./page-style";
import { pictureHtml } from "./picture";

export interface PageOptions {
  /** Lines of its own at the end: commits, a link to the run. @default - none */
  readonly footer?: readonly string[];
}

/** The page's own style and script, and nothing else: https://developer.mozilla.org/docs/Web/HTTP/Guides/CSP */
const POLICY = `default-src 'none'; style-src '${hash(STYLE)}'; script-src '${hash(FILTER)}'; base-uri 'none'; form-action 'none'`;

export function renderReviewPage(review: Review, { footer = [] }: PageOptions = {}): string {
  const title = `Review: ${review.stacks.map(({ name }) => name).join(", ")}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${text(title)}</h1>
${verdictHtml(review)}
${contents(review)}
</header>
<main>
${unplacedPolicies(review)}
${review.stacks.map((stack, index) => stackSection(stack, `stack-${index}`, review)).join("\n")}
</main>
<footer>
<p>${[...footer.map(text), `fingerprint ${code(review.fingerprint)}`].join(" · ")}</p>
</footer>
<script>${FILTER}</script>
</body>
</html>
`;
}

function hash(content: string): string {
  return `sha256-${createHash("sha256").update(content).digest("base64")}`;
}

const verdictHtml = ({ level, verdict }: Pick<Review, "level" | "verdict">): string =>
  `<p class="verdict ${level}">${text(verdict)}</p>`;

function contents({ stacks }: Review): string {
  if (stacks.length < 2) return "";
  const entries = stacks.map(
    ({ name, level, counts }, index) =>
      `<a href="#stack-${index}">${text(name)}</a> <span class="soft">${LEVELS[level]}, ${text(showCounts(counts))}</span>`,
  );
  return `<nav aria-label="Stacks">${list(entries)}</nav>`;
}

/** Of what the review has no section for: a rule over all stacks together. */
function unplacedPolicies({ stacks, policies: { violations } }: Review): string {
  const names = new Set(stacks.map(({ name }) => name));
  const found = violations.filter(({ stack }) => !names.has(stack));
  return found.length === 0
    ? ""
    : `<section aria-labelledby="policies"><h2 id="policies">Policies</h2>${policiesList(found)}</section>`;
}

function stackSection(stack: StackReview, id: string, { policies, stacks }: Review): string {
  const { counts } = stack;
  const own = policies.violations.filter((violation) => violation.stack === stack.name);
  const unknown =
    counts.unknown === 0
      ? ""
      : `; ${counts.unknown} value${counts.unknown === 1 ? "" : "s"} known after the apply only`;
  const parts: readonly (readonly [title: string, body: string])[] = [
    ["Policies", own.length === 0 ? "" : policiesList(own)],
    ["Waivers", waiversList(stack.name, policies)],
    ["What to look at", findingsList(stack.findings)],
    ["Teams", teamsTable(stack.teams)],
    ["Charts", chartsTable(stack.releases)],
    [`Cost of a month${stack.cost?.atMost === true ? ", at most" : ""}`, costTable(stack.cost)],
    ["The platform", pictureHtml(stack.picture, stack.name)],
    ["Objects", objectsHtml(stack, id)],
    ["Changed outside Terraform", stack.drift.map(objectHtml).join("\n")],
    [
      "Left for a later plan",
      stack.deferred.length === 0
        ? ""
        : list(stack.deferred.map(({ address, reason }) => `${code(address)} ${text(reason.replaceAll("_", " "))}`)),
    ],
    ["Outputs", outputsTable(stack.outputs)],
    ["Notes", stack.notes.length === 0 ? "" : list(stack.notes.map(text))],
  ];
  return `<section class="stack" id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${text(stack.name)}</h2>
${stacks.length > 1 ? verdictHtml(stack) : ""}
<p>${text(showCounts(counts))}${unknown} <span class="soft">· fingerprint ${code(stack.fingerprint)}</span></p>
${parts.map(([title, body]) => (body === "" ? "" : section(title, body))).join("\n")}
</section>`;
}

const policiesList = (violations: readonly Violation[]): string =>
  `<ul class="plain">${violations
    .map(
      ({ severity, rule, message, address, why, fix }) =>
        `<li class="notice ${severity === "deny" ? "danger" : "caution"}"><strong>${severity === "deny" ? "Denied" : "Warning"}</strong> ${text(message)} <span class="soft">· ${text(rule)}</span><br>${code(address)}<br>${text(why)}<br>${text(fix)}</li>`,
    )
    .join("\n")}</ul>`;

function waiversList(stack: string, { waived, expired, unused }: Waived): string {
  const of = ({ violation }: Waived["waived"][number]): boolean => violation.stack === stack;
  const lines = [
    ...expired
      .filter(of)
      .map(
        ({ violation: { rule, message }, waiver: { owner, until } }) =>
          `<strong>Expired</strong> ${text(rule)}: ${text(message)} <span class="soft">· waived by ${text(owner)} until ${text(until)}</span>`,
      ),
    ...waived
      .filter(of)
      .map(
        ({ violation: { rule, message }, waiver: { owner, until, reason } }) =>
          `${text(rule)}: ${text(message)} <span class="soft">· waived by ${text(owner)} until ${text(until)}: ${text(reason)}</span>`,
      ),
    ...unused
      .filter((waiver) => waiver.stack === stack)
      .map(({ rule, owner }) => `The waiver of ${text(rule)} is about nothing; ${text(owner)} may take it out`),
  ];
  return lines.length === 0 ? "" : list(lines);
}

function costTable(cost: StackReview["cost"]): string {
  if (cost === undefined) return "";
  const { currency, basis, atMost } = cost;
  const { before, after } = totalOf(cost);
  const show = (amount: number, signed = false): string => text(showCost(amount, currency, signed));
  const rows = [
    ...largestFirst(cost).map((item) => [
      text(item.team ?? "all"),
      text(item.what),
      show(item.before),
      show(item.after),
      show(item.after - item.before, true),
    ]),
    ["<strong>together</strong>", "", show(before), show(after), show(after - before, true)],
  ];
  const caption = atMost ? `Every node there may be, all month: ${basis}` : basis;
  return table(
    caption,
    ["team", "what", "before", "after", "difference"],
    [
      `<tbody>${rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`).join("\n")}</tbody>`,
    ],
  );
}

function findingsList(findings: readonly Finding[]): string {
  if (findings.length === 0) return "";
  return `<ul class="plain">${findings
    .map(
      ({ level, text: said, addresses }) =>
        `<li class="notice ${level}"><strong>${LEVELS[level]}</strong> ${text(said)}${
          addresses.length === 0
            ? ""
            : `<details><summary>${countObjects(addresses.length)}</summary>${list(addresses.map(code))}</details>`
        }</li>`,
    )
    .join("\n")}</ul>`;
}

const TEAM_WORDS = { added: "new", removed: "removed", changed: "", touched: "" } as const;

function teamsTable(teams: readonly TeamChange[]): string {
  if (teams.length === 0) return "";
  const bodies = teams.map(({ team, action, amounts, notes, objects }) => {
    const rows = [
      ...amounts.map(({ where, unit, before, after, factor }) => [
        text(where),
        text(unit),
        before === undefined ? "–" : text(before),
        after === undefined ? "–" : text(after),
        factor === undefined ? "" : `× ${Math.round(factor * 100) / 100}`,
      ]),
      ...notes.map((note) => [text(note)]),
      ...(amounts.length + notes.length === 0
        ? [[`${countObjects(objects.length)}, and nothing that it may use`]]
        : []),
    ];
    const word = TEAM_WORDS[action];
    const head = `<th scope="rowgroup" rowspan="${rows.length}">${text(team)}${word === "" ? "" : ` ${badge(action === "added" ? "create" : "delete", word)}`}</th>`;
    const cells = rows.map(
      (row, index) =>
        `<tr>${index === 0 ? head : ""}${
          row.length === 1
            ? `<td colspan="5">${row[0] ?? ""}</td>`
            : row.map((cell, column) => `<td${column > 1 ? ' class="number"' : ""}>${cell}</td>`).join("")
        }</tr>`,
    );
    return `<tbody>${cells.join("\n")}</tbody>`;
  });
  return table(
    "What each team may use, before and after",
    ["team", "where", "what", "before", "after", "factor"],
    bodies,
  );
}

function chartsTable(releases: readonly ReleaseChange[]): string {
  if (releases.length === 0) return "";
  const rows = releases.map(({ name, namespace, chart, action, versions, jump, crds, changelog }) => {
    const { before = "", after = before } = versions ?? {};
    const version = jump === undefined ? text(after || "the platform's own") : `${text(before)} → ${text(after)}`;
    return [
      `${text(name)} <span class="soft">in ${text(namespace)}</span>`,
      badge(action),
      code(chart),
      jump === undefined ? version : `${version}, <strong>${text(jump)}</strong>${crds ? ", with CRDs" : ""}`,
      changelog?.startsWith("https://") === true
        ? `<a href="${text(changelog)}" rel="noreferrer">changes<span class="unseen"> of ${text(chart)}</span></a>`
        : "",
    ];
  });
  return table(
    "Releases that change",
    ["release", "action", "chart", "version", "changelog"],
    [
      `<tbody>${rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`).join("\n")}</tbody>`,
    ],
  );
}

function outputsTable(outputs: readonly OutputReview[]): string {
  if (outputs.length === 0) return "";
  const show = (value: unknown): string =>
    value === undefined ? "–" : code(typeof value === "string" ? value : JSON.stringify(value));
  return table(
    "Outputs that change",
    ["output", "before", "after"],
    [
      `<tbody>${outputs
        .map(
          ({ name, before, after }) => `<tr><td>${code(name)}</td><td>${show(before)}</td><td>${show(after)}</td></tr>`,
        )
        .join("\n")}</tbody>`,
    ],
  );
}

/** Stands for what is no team's own. */
const SHARED = "";

function objectsHtml({ objects, name }: StackReview, id: string): string {
  if (objects.length === 0) return "";
  return `${filterForm(objects, name, id)}
<div class="objects" id="${id}-objects">
${objects.map(objectHtml).join("\n")}
</div>`;
}

const teamOf = ({ owner }: ObjectChange): string => (owner.kind === "team" ? owner.name : SHARED);

/** Shown by the script, which is what makes it work. */
function filterForm(objects: readonly ObjectChange[], stack: string, id: string): string {
  const actions = [...new Set(objects.map(({ action }) => action))];
  const teams = [...new Set(objects.map(teamOf))].filter((team) => team !== SHARED).sort();
  const count = (action: ObjectChange["action"]): number => objects.filter((object) => object.action === action).length;
  return `<form class="filter" hidden aria-label="Filter the objects of ${text(stack)}" data-objects="${id}-objects">
<fieldset><legend>Action</legend>${actions
    .map(
      (action) =>
        `<label><input type="checkbox" name="action" value="${action}" checked> ${badge(action)} ${count(action)}</label>`,
    )
    .join(" ")}</fieldset>
<label>Team <select name="team"><option value="*">all</option>${teams
    .map((team) => `<option value="=${text(team)}">${text(team)}</option>`)
    .join("")}<option value="=${SHARED}">shared by all</option></select></label>
<label>Text <input type="search" name="text" autocomplete="off" placeholder="address, key or value"></label>
<button type="button" name="open">Open all</button> <button type="button" name="close">Close all</button>
<output aria-live="polite">${countObjects(objects.length)}</output>
</form>`;
}

function objectHtml(object: ObjectChange): string {
  const { address, path, action, owner, loss, movedFrom, importedFrom, createBeforeDestroy, dependents } = object;
  const said = [
    loss === undefined ? "" : `<strong>${text(loss)}</strong>`,
    action === "replace" ? (createBeforeDestroy === true ? "the new one first" : "the old one goes first") : "",
    movedFrom === undefined ? "" : `moved from ${code(movedFrom)}`,
    importedFrom === undefined ? "" : `imported from ${code(importedFrom)}`,
    dependents === undefined || dependents === 0
      ? ""
      : `${countObjects(dependents)} refer${dependents === 1 ? "s" : ""} to it`,
    text(reasonWords(object.reason)),
  ].filter((part) => part !== "");
  const lines = [...object.differences.flatMap(differenceLines), ...unknownLine(object)];
  const late =
    object.differences.length > 0 && object.unknown.length > 0
      ? `<p class="soft">Known after the apply only: ${object.unknown.map(code).join(", ")}</p>`
      : "";
  const diff = lines.length === 0 ? "" : `<pre>${lines.map(diffLine).join("\n")}</pre>`;
  return `<details class="object" data-action="${action}" data-team="${text(teamOf(object))}">
<summary>${badge(action)} ${code(path)} <span class="soft">${text(owner.kind)} ${text(owner.name)}</span>${said.length === 0 ? "" : ` · ${said.join(" · ")}`}</summary>
<p>${code(address)} <span class="soft">${text(object.type)}</span></p>
${late}${diff}
</details>`;
}

function diffLine(line: string): string {
  const mark = { "-": "del", "+": "ins" }[line[0] ?? ""];
  return mark === undefined ? text(line) : `<${mark}>${text(line)}</${mark}>`;
}
