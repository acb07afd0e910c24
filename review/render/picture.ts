/** The platform as nested boxes, from what it stands on to its teams; lists, so that it can be read aloud as well. */
import type {
  Left,
  Picture,
  PicturedAmount,
  PicturedLimits,
  PicturedPart,
  PicturedPool,
  PicturedRelease,
  PicturedTeam,
  PartAction,
} from "../understand/picture";
import type { ObjectChange } from "../review";
import { badge, text } from "./html";
import { ACTION_WORDS } from "./lines";

export function pictureHtml(picture: Picture, stack: string): string {
  const { foundation, layers, leaving, otherReleases, environments, sharedPools, teams } = picture;
  const rows: readonly (readonly [title: string, body: string])[] = [
    ["Cloud, in the order in which it stands", boxes(foundation.drawn.map(partBox), foundation.left, "part")],
    ["Releases, in the order of their installation", releaseLayers(layers, otherReleases)],
    ["Releases that go", boxes(leaving.map(releaseBox))],
    ["Environments", boxes(environments.drawn.map(partBox), environments.left, "environment")],
    ["Shared pools", boxes(sharedPools.map(poolBox))],
    ["Teams, with what they may use", boxes(teams.drawn.map(teamBox), teams.left, "team", "teams")],
  ];
  const drawn = rows.filter(([, body]) => body !== "");
  return drawn.length === 0
    ? ""
    : `<div class="picture" role="group" aria-label="${text(stack)}: what it is made of, and what changes">
${drawn.map(([title, body]) => `<div class="row"><h4>${text(title)}</h4>\n${body}</div>`).join("\n")}
</div>`;
}

const NOTHING_LEFT: Left = { changing: 0, staying: 0 };

/** @param items HTML of each box */
function boxes(items: readonly string[], left = NOTHING_LEFT, what = "", kind = ""): string {
  const more = leftText(left, what);
  if (items.length === 0 && more === "") return "";
  return `${items.length === 0 ? "" : `<ul class="boxes ${kind}">${items.join("\n")}</ul>`}${more}`;
}

function leftText({ changing, staying }: Left, what: string): string {
  const count = (number: number): string => `${number} ${what}${number === 1 ? "" : "s"}`;
  const said = [
    ...(changing > 0 ? [`${count(changing)} more that change${changing === 1 ? "s" : ""}`] : []),
    ...(staying > 0
      ? [`${count(staying)} that stay${staying === 1 ? "s" : ""} as ${staying === 1 ? "it is" : "they are"}`]
      : []),
  ];
  return said.length === 0 ? "" : `<p class="soft">Not drawn: ${said.join(", ")}.</p>`;
}

function releaseLayers(layers: Picture["layers"], left: Left): string {
  const more = leftText(left, "release");
  if (layers.length === 0) return more;
  return `<ol class="layers">${layers
    .map((layer) => `<li>${boxes(layer.map(releaseBox))}</li>`)
    .join("\n")}</ol>${more}`;
}

const box = (action: ObjectChange["action"], name: string, body: string, word?: string): string =>
  `<li class="box ${action}"><span class="name">${text(name)}</span>${action === "none" ? "" : ` ${badge(action, word)}`}${body}</li>`;

const releaseBox = ({ name, chart, action }: PicturedRelease): string =>
  box(action, name, chart === name ? "" : `<span class="detail">${text(chart)}</span>`);

/** How a whole is drawn. */
const LOOKS: Readonly<Record<PartAction, readonly [action: ObjectChange["action"], word: string]>> = {
  added: ["create", "new"],
  removed: ["delete", "removed"],
  changed: ["update", "changes"],
  touched: ["update", "touched"],
  none: ["none", ""],
};

/** A part in which something is destroyed or replaced looks like that. */
function partBox({ name, action, counts }: PicturedPart): string {
  const [worst] = counts;
  const [look] = action === "touched" && worst ? [worst.action] : LOOKS[action];
  const said = counts.map((each) => `${each.count} ${ACTION_WORDS[each.action]}`).join(", ");
  return box(look, name, "", action === "touched" ? said : LOOKS[action][1]);
}

function teamBox({ name, action, quotas, pools }: PicturedTeam): string {
  const [look, word] = LOOKS[action];
  const body = [
    quotas.length === 0 ? "" : `<ul class="limits">${quotas.map((quota) => `<li>${limits(quota)}</li>`).join("")}</ul>`,
    pools.length === 0 ? "" : `<ul class="boxes">${pools.map(poolBox).join("")}</ul>`,
  ].join("");
  return box(look, name, body, word);
}

function poolBox({ name, action, amounts }: PicturedPool): string {
  const [look, word] = LOOKS[action];
  return box(look, `pool ${name}`, `<span class="detail">${amountsText(amounts)}</span>`, word);
}

const limits = ({ name, amounts }: PicturedLimits): string => `${text(name)}: ${amountsText(amounts)}`;

const amountsText = (amounts: readonly PicturedAmount[]): string => amounts.map(amountText).join(", ");

function amountText({ unit, before, after }: PicturedAmount): string {
  if (before === after) return `${text(after ?? "")} ${text(unit)}`;
  return `<strong>${text(before ?? "none")} → ${text(after ?? "none")} ${text(unit)}</strong>`;
}
