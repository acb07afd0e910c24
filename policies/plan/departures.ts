/** Protected teams that leave environments, in which their releases delivered something. */
import { parse } from "yaml";
import { PROTECTED_MARK, TEAM_LABEL } from "../../config/names";
import { areProtected, blocks, texts } from "./look";
import type { ResourceChange } from "./resource-change";
import { asObject, asText, type Json, type JsonObject, type SynthesizedStack } from "./synthesized-stack";

const [MARK = ""] = Object.keys(PROTECTED_MARK);

export interface Departure {
  readonly resource: ResourceChange;
  readonly team: string;
  readonly environment: string;
}

const known = new WeakMap<SynthesizedStack, readonly Departure[]>();

/** Those of a stack, looked for once: two rules ask. */
export function departures(stack: SynthesizedStack): readonly Departure[] {
  const found = known.get(stack) ?? findDepartures(stack);
  known.set(stack, found);
  return found;
}

const findDepartures = ({ changes = [] }: SynthesizedStack): readonly Departure[] =>
  changes.filter(delivers).flatMap((resource) => {
    const [before, after] = [valuesOf(resource.before), valuesOf(resource.after)];
    if (!areProtected(asObject(asObject(before["inside"])["labels"]))) return [];
    const remain = partsOf(after);
    return partsOf(before)
      .filter((environment) => !remain.includes(environment))
      .map((environment) => ({ resource, team: asText(asObject(before["labels"])[TEAM_LABEL]), environment }));
  });

/** A team's own release whose values change and are known; parsing those of a thousand teams takes seconds, so the texts are looked at first. */
const delivers = ({ type, action, before, after }: ResourceChange): boolean =>
  type === "helm_release" &&
  action === "update" &&
  asText(before?.["chart"]).startsWith("assets/chart-team/") &&
  texts(before?.["values"]).some((text) => text.includes(MARK)) &&
  texts(after?.["values"]).length > 0 &&
  texts(before?.["values"])[0] !== texts(after?.["values"])[0];

/** The platform writes one document. */
const valuesOf = (attributes: JsonObject = {}): JsonObject =>
  asObject(parse(texts(attributes["values"])[0] ?? "") as Json);

/** The environments in which the team has a namespace. */
const partsOf = (values: JsonObject): readonly string[] =>
  blocks(values["environments"])
    .filter(({ quota }) => quota !== undefined)
    .map(({ name }) => asText(name));
