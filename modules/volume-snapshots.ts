import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { LABEL_PREFIX } from "../config/names";
import type { Platform } from "../config/platform";
import type { PlatformCluster } from "./cluster";
import { imageOf } from "./helm/images";
import { CONTAINED } from "./helm/jobs";
import { Resources, type KubernetesObject } from "./helm/resources";
import { role } from "./helm/role";
import { readProfileValues } from "./helm/values";
import { PlatformNamespace } from "./platform-namespace";
import { WEEKDAYS, weeklyJobs, type Weekday } from "./weekly-jobs";

/** A volume whose data nothing else keeps. */
export interface KeptClaim {
  readonly namespace: string;
  /** Name of the claim. */
  readonly name: string;
}

export interface VolumeSnapshotsProps {
  readonly platform: Platform;
  readonly cluster: PlatformCluster;
  readonly snapshotClass: string;
  readonly claims: readonly KeptClaim[];
  /** The namespaces of the claims. */
  readonly dependsOn: readonly ITerraformDependable[];
}

const ACCOUNT = "volume-snapshots";

/** A snapshot of each volume for each day of the week: `<claim>-<day>`, beside the claim. They go with their namespace. */
export class VolumeSnapshots extends Construct {
  constructor(scope: Construct, id: string, props: VolumeSnapshotsProps) {
    super(scope, id);
    const { platform, cluster, claims, dependsOn } = props;
    const namespace = new PlatformNamespace(this, "namespace", {
      name: "volume-snapshots",
      platform,
      podSecurity: "restricted",
      dependsOn: cluster.ready,
    });
    const { schedule, resources } = readProfileValues("snapshots/volumes", cluster.profile);
    new Resources(this, "jobs", {
      name: "volume-snapshots",
      namespace: namespace.name,
      resources: [
        { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: ACCOUNT } },
        ...[...new Set(claims.map((claim) => claim.namespace))].flatMap((of) => allowed(of, namespace.name)),
        {
          apiVersion: "v1",
          kind: "ConfigMap",
          metadata: { name: "volume-snapshots" },
          data: Object.fromEntries(WEEKDAYS.map((day) => [`${day}.json`, snapshots(props, day)])),
        },
        ...weeklyJobs({
          name: "volume-snapshots",
          schedule: String(schedule),
          labels: { app: "volume-snapshots" },
          pod: (day) => ({
            serviceAccountName: ACCOUNT,
            containers: [
              {
                name: "kubectl",
                image: imageOf("kubectl", platform.registries),
                // Removes those of a week ago, waits until they are gone, and makes them anew.
                command: ["kubectl", "replace", "--force", "--timeout=30m", `--filename=/snapshots/${day}.json`],
                securityContext: CONTAINED,
                resources,
                volumeMounts: [{ name: "snapshots", mountPath: "/snapshots", readOnly: true }],
              },
            ],
            volumes: [{ name: "snapshots", configMap: { name: "volume-snapshots" } }],
          }),
        }),
      ],
      dependsOn: [namespace.resource, ...dependsOn],
    });
  }
}

/** In one namespace, and nothing but snapshots. */
function allowed(namespace: string, from: string): readonly KubernetesObject[] {
  return role({
    name: ACCOUNT,
    namespace,
    account: { name: ACCOUNT, namespace: from },
    rule: {
      apiGroups: ["snapshot.storage.k8s.io"],
      resources: ["volumesnapshots"],
      verbs: ["create", "delete", "get"],
    },
  });
}

function snapshots({ claims, snapshotClass }: VolumeSnapshotsProps, day: Weekday): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "List",
    items: claims.map(({ namespace, name }) => ({
      apiVersion: "snapshot.storage.k8s.io/v1",
      kind: "VolumeSnapshot",
      metadata: { name: `${name}-${day}`, namespace, labels: { [`${LABEL_PREFIX}/day`]: day } },
      spec: { volumeSnapshotClassName: snapshotClass, source: { persistentVolumeClaimName: name } },
    })),
  });
}
