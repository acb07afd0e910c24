import { ADMISSION_LABEL, REGISTRIES_ANNOTATION } from "../../../config/names";
import type { ResourceChange } from "../../../policies/plan/resource-change";
import type { Difference } from "../../read/difference";
import { differencesOf } from "../../read/differences";
import type { Finding } from "./finding";

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
  if (path.endsWith('.labels["pod-security.kubernetes.io/enforce"]'))
    return `Pod Security goes from ${String(before)} to ${String(after)}${after === "restricted" ? ": pods that break it are refused when they are next made" : ""}`;
  if (!path.endsWith(`.annotations["${REGISTRIES_ANNOTATION}"]`)) return undefined;
  const [had, has] = [before, after].map((list) =>
    typeof list === "string" ? list.split(" ").join(", ") : "anywhere",
  );
  return `images of teams may come from other registries: ${had} → ${has}`;
}
