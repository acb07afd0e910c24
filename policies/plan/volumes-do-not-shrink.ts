import { parse } from "yaml";
import { block, texts } from "./look";
import type { ResourceChange } from "./resource-change";
import type { PlanRule } from "./rule";
import { asObject, asText, type Json, type JsonObject } from "./synthesized-stack";

const UNITS: Readonly<Record<string, number>> = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };

export const volumesDoNotShrink: PlanRule = {
  id: "volumes-do-not-shrink",
  severity: "deny",
  ofChanges: true,
  why: "Kubernetes refuses to make a volume smaller: the release fails half way, and is rolled back while its pods restart.",
  fix: "Leave the size; to have a smaller volume, make a new one beside it and copy what is in it.",
  links: ["https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims"],
  check: ({ changes = [] }) =>
    changes
      .filter(({ action }) => action === "update")
      .flatMap((resource) => {
        const [before, after] = [sizesOf(resource, resource.before), sizesOf(resource, resource.after)];
        return [...before]
          .filter(([path, size]) => (after.get(path)?.bytes ?? size.bytes) < size.bytes)
          .map(([path, { text }]) => ({
            resource,
            message: `${path} goes from ${text} to ${after.get(path)?.text ?? ""}`,
          }));
      }),
};

interface Size {
  readonly text: string;
  readonly bytes: number;
}

/** Sizes of volumes by their paths: those of claims, and what Helm values call a size or storage. */
function sizesOf({ type }: ResourceChange, attributes: JsonObject = {}): ReadonlyMap<string, Size> {
  const found = new Map<string, Size>();
  if (type === "kubernetes_persistent_volume_claim_v1") {
    const { requests } = block(block(attributes["spec"])["resources"]);
    collect({ storage: block(requests)["storage"] ?? null }, "", found);
  }
  if (type === "helm_release")
    texts(attributes["values"])
      // A quota's storage may shrink, and stands under `hard` or `requests.storage`.
      .filter((text) => /^[ -]*(size|storage):/m.test(text))
      .forEach((text) => {
        collect(parse(text) as Json, "", found);
      });
  return found;
}

function collect(value: Json, path: string, found: Map<string, Size>): void {
  for (const [key, inner] of entriesOf(value)) {
    const here = path ? `${path}.${key}` : key;
    const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)([KMGT]i)$/.exec(asText(inner)) ?? [];
    if (/^(size|storage)$/.test(key) && amount !== undefined)
      found.set(here, { text: asText(inner), bytes: Number(amount) * (UNITS[unit] ?? 1) });
    else collect(inner, here, found);
  }
}

const entriesOf = (value: Json): readonly (readonly [string, Json])[] =>
  Array.isArray(value)
    ? (value as readonly Json[]).map((inner, index) => [String(index), inner] as const)
    : Object.entries(asObject(value));
