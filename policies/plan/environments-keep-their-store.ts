import { parse } from "yaml";
import { isTrue, texts } from "./look";
import type { ResourceChange } from "./resource-change";
import type { PlanRule } from "./rule";
import { asObject, asText, type Json, type JsonObject } from "./synthesized-stack";

/** Below `controlPlane.backingStore` of the chart. */
const STORES: Readonly<Record<string, string>> = {
  "database.embedded": "SQLite",
  "database.external": "an external database",
  "etcd.embedded": "embedded etcd",
  "etcd.deploy": "an etcd of its own",
  "etcd.external": "an external etcd",
};
const DEFAULT_STORE = "database.embedded";

export const environmentsKeepTheirStore: PlanRule = {
  id: "environments-keep-their-store",
  severity: "deny",
  ofChanges: true,
  why: "An environment has the kind of data store of its first deploy: vCluster does not take data from SQLite to etcd or back, not by snapshot and restore either, so its API server would start with an empty store, without any object of teams.",
  fix: "Leave the environment's preset and values as they were; make another environment beside it, move what runs there, then remove the old one.",
  links: [
    "https://www.vcluster.com/docs/vcluster/configure/vcluster-yaml/control-plane/components/backing-store/",
    "https://github.com/loft-sh/vcluster-docs/pull/2518",
  ],
  check: ({ changes = [] }) =>
    changes.filter(isEnvironment).flatMap((resource) => {
      const [from, to] = [storeOf(resource.before), storeOf(resource.after)];
      return from === to
        ? []
        : [
            {
              resource,
              message: `the environment's release ${asText(resource.before?.["name"])} goes from ${from} to ${to}`,
            },
          ];
    }),
};

/** One whose values are known before the apply. */
const isEnvironment = ({ type, action, before, after }: ResourceChange): boolean =>
  type === "helm_release" &&
  action === "update" &&
  asText(before?.["chart"]) === "vcluster" &&
  texts(after?.["values"]).length > 0;

/** The store that is switched on; without any, the chart's default. */
function storeOf({ values }: JsonObject = {}): string {
  const switches = new Map<string, Json>();
  for (const text of texts(values)) {
    const { backingStore } = asObject(asObject(parse(text) as Json)["controlPlane"]);
    for (const kind of Object.keys(STORES)) {
      const { enabled } = at(backingStore, kind);
      // Of several documents the last one that says it holds.
      if (enabled !== undefined) switches.set(kind, enabled);
    }
  }
  const on = Object.keys(STORES).find((kind) => kind !== DEFAULT_STORE && isTrue(switches.get(kind)));
  return STORES[on ?? DEFAULT_STORE] ?? "";
}

const at = (value: Json | undefined, path: string): JsonObject =>
  path.split(".").reduce((inner, key) => asObject(inner[key]), asObject(value));
