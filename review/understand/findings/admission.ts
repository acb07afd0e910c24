import { ADMISSION_LABEL, REGISTRIES_ANNOTATION } from "../../../config/names";
import { labelsOf, metadata } from "../../../policies/plan/look";
import type { ResourceChange } from "../../../policies/plan/resource-change";
import { asText, type JsonObject } from "../../../policies/plan/synthesized-stack";
import type { Difference } from "../../read/difference";
import { differencesOf } from "../../read/differences";
import type { Finding } from "./finding";

/** From the loosest to the strictest: https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
const STANDARDS = [undefined, "privileged", "baseline", "restricted"];

/** Which standard pods must keep in a namespace. */
export function ofPodSecurity({ type, action, before = {}, after = {}, address }: ResourceChange): Finding[] {
  if (type !== "kubernetes_namespace_v1" || action !== "update") return [];
  const [was, is] = [standardOf(before), standardOf(after)];
  if (was === is) return [];
  const refused = STANDARDS.indexOf(is) > STANDARDS.indexOf(was);
  return [
    {
      level: "caution",
      text: `Pod Security of ${asText(metadata({ attributes: after })["name"])} goes from ${was ?? "none"} to ${is ?? "none"}${refused ? ": pods that break it are refused when they are next made" : ""}`,
      addresses: [address],
    },
  ];
}

const standardOf = (attributes: JsonObject): string | undefined =>
  asText(labelsOf({ attributes })["pod-security.kubernetes.io/enforce"]) || undefined;

/** Modes and registries are the same for all teams of a place, so each change of them is said once. */
export function ofAdmission(changes: readonly ResourceChange[]): Finding[] {
  const found = new Map<string, string[]>();
  for (const change of changes)
    if (change.action === "update" && /^(kubernetes_namespace_v1|helm_release)$/.test(change.type))
      for (const difference of differencesOf(change).list) {
        const text = sentence(difference);
        if (text !== undefined) found.set(text, [...(found.get(text) ?? []), change.address]);
      }
  return [...found].map(([text, addresses]) => ({ level: "caution", text, addresses: [...new Set(addresses)] }));
}

function sentence({ path, before, after }: Difference): string | undefined {
  if (path.endsWith(`.labels["${ADMISSION_LABEL}"]`)) {
    const environment = /^values\.environments\[([^\]]+)\]/.exec(path)?.[1];
    const where = environment === undefined ? "on the host" : `in ${environment}`;
    if (after === "enforce")
      return `admission enforces ${where}: what teams run there without tags, requests or limits of memory gets no new pods`;
    return before === "enforce"
      ? `admission only warns ${where}: what teams run there may have no tags, requests or limits of memory`
      : undefined;
  }
  if (!path.endsWith(`.annotations["${REGISTRIES_ANNOTATION}"]`)) return undefined;
  const [had, has] = [before, after].map((list) =>
    typeof list === "string" ? list.split(" ").join(", ") : "anywhere",
  );
  return `images of teams may come from other registries: ${had} → ${has}`;
}
