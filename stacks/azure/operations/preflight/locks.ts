import { z } from "zod";
import { nodeResourceGroup } from "../../../../config/clouds/azure-names";
import type { Finding } from "../../../operations";
import { quoted } from "../az";
import { VERSIONS } from "./api-versions";
import { subscriptionOf, type Check, type CheckContext } from "./check";
import { clusterPath } from "./managed-cluster";

const subject = "locks";

const lock = z.object({ id: z.string(), name: z.string(), properties: z.object({ level: z.string() }) });
export type Lock = z.output<typeof lock>;

/** Locks on what the platform changes: https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources */
export const locks: Check = {
  subject,
  needs: "Microsoft.Authorization/locks/read",
  look: async (context) => {
    const all = await context.clients.resourceManager.list(
      { path: `${subscriptionOf(context)}/providers/Microsoft.Authorization/locks`, apiVersion: VERSIONS.locks },
      lock,
    );
    return judgeLocks(placesOf(context), all);
  },
};

/** What the platform makes, changes or removes: whole groups of its own, and single things of others, whose locks are theirs to lift. */
export function placesOf(context: Pick<CheckContext, "cluster" | "name" | "resourceGroup">): readonly Place[] {
  const { cluster, name, resourceGroup } = context;
  const { dns } = cluster;
  const { existing } = cluster.network;
  const group = (of: string): string => `${subscriptionOf(context)}/resourceGroups/${of}`;
  return [
    { what: "the platform's group", path: group(resourceGroup), ours: true },
    cluster.existing
      ? { what: "the cluster", path: clusterPath(context), ours: false }
      : { what: "the group of the nodes", path: group(nodeResourceGroup(name)), ours: true },
    ...(dns.zone === undefined || dns.resourceGroup === undefined
      ? []
      : [
          {
            what: "the DNS zone",
            path: `${group(dns.resourceGroup)}/providers/Microsoft.Network/dnsZones/${dns.zone}`,
            ours: false,
          },
        ]),
    ...(existing
      ? [{ what: "the network", path: existing.nodeSubnet.split("/").slice(0, -2).join("/"), ours: false }]
      : []),
  ];
}

export interface Place {
  readonly what: string;
  readonly path: string;
  /** Whether all that is in it is the platform's. */
  readonly ours: boolean;
}

/** A lock holds what it is on, and all that is in that. */
export function judgeLocks(places: readonly Place[], all: readonly Lock[]): readonly Finding[] {
  const findings = all.flatMap(({ id, name, properties: { level } }): readonly Finding[] => {
    const scope = id.split(/\/providers\/Microsoft\.Authorization\/locks\//i)[0] ?? "";
    const within = (inner: string, outer: string): boolean =>
      `${inner}/`.toLowerCase().startsWith(`${outer}/`.toLowerCase());
    const held = places.filter(({ path }) => within(path, scope) || within(scope, path)).map(({ what }) => what);
    if (held.length === 0) return [];
    const found = `${name} on ${scope} (${level}) holds ${held.join(", ")}`;
    const isOurs = places.some(({ path, ours }) => ours && within(scope, path));
    const fix = isOurs ? `az lock delete --ids ${quoted(id)}` : "ask whoever set it there to lift it";
    return level === "ReadOnly"
      ? [
          {
            severity: "error",
            subject,
            found: `${found}: nothing there can be made or changed`,
            fix: `${fix}, as long as the platform is there`,
          },
        ]
      : [
          {
            severity: "warn",
            subject,
            found: `${found}: deploys work, but nothing there can be removed: no records, no nodes, no role assignments`,
            fix: `${fix}, at the latest before a destroy`,
          },
        ];
  });
  return findings.length > 0 ? findings : [{ severity: "ok", subject, found: "none on what the platform changes" }];
}
