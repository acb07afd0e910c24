import { PersistentVolumeClaimV1 } from "@cdktf/provider-kubernetes/lib/persistent-volume-claim-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { CONTROL_PLANES } from "../config/environments";
import type { Environment, Platform } from "../config/platform";
import { formatCpu, formatMemory } from "../config/quantities";
import type { PlatformCluster } from "./cluster";
import { imageOf } from "./helm/images";
import { CONTAINED } from "./helm/jobs";
import { Resources } from "./helm/resources";
import { readProfileValues } from "./helm/values";
import { weeklyJobs, type Weekday } from "./weekly-jobs";

export interface EtcdSnapshotsProps {
  readonly platform: Pick<Platform, "registries">;
  readonly environment: Environment;
  readonly cluster: PlatformCluster;
  readonly dependsOn: readonly ITerraformDependable[];
}

/**
 * Snapshots of an environment's etcd, on a volume of their own: one for each day of the week. That of a day is written over several
 * times, and looked at each time: a snapshot that cannot be read fails its job.
 */
export class EtcdSnapshots extends Construct {
  /** Of the volume's claim, of the release, and of the jobs but for the day. */
  static readonly NAME = "etcd-snapshots";

  constructor(scope: Construct, id: string, { platform, environment, cluster, dependsOn }: EtcdSnapshotsProps) {
    super(scope, id);
    const { namespace } = environment;
    const { snapshots } = CONTROL_PLANES[environment.preset];
    // Typed, and not in the release: Helm would wait for it to be bound, and it waits for the first job.
    const volume = new PersistentVolumeClaimV1(this, "volume", {
      metadata: { name: EtcdSnapshots.NAME, namespace },
      spec: {
        accessModes: ["ReadWriteOnce"],
        storageClassName: cluster.storageClass,
        resources: { requests: { storage: formatMemory(snapshots.storage) } },
      },
      waitUntilBound: false,
      dependsOn: [...dependsOn],
    });
    const { schedule } = readProfileValues("snapshots/etcd", cluster.profile);
    new Resources(this, "jobs", {
      name: EtcdSnapshots.NAME,
      namespace,
      resources: weeklyJobs({
        name: EtcdSnapshots.NAME,
        schedule: String(schedule),
        // The chart's network policy lets pods with this label reach etcd.
        labels: { app: EtcdSnapshots.NAME, release: environment.cluster },
        pod: (day) => pod(environment, day, imageOf("etcd", platform.registries)),
      }),
      dependsOn: [volume],
    });
  }
}

function pod(environment: Environment, day: Weekday, image: string): Readonly<Record<string, unknown>> {
  const { cpu, memory } = CONTROL_PLANES[environment.preset].snapshots;
  const file = `/snapshots/${day}.db`;
  const container = {
    image,
    securityContext: CONTAINED,
    resources: { requests: { cpu: formatCpu(cpu), memory: formatMemory(memory) } },
  };
  const snapshots = { name: "snapshots", mountPath: "/snapshots" };
  return {
    automountServiceAccountToken: false,
    initContainers: [
      {
        ...container,
        name: "save",
        // etcdctl writes beside the file, and gives it its name only when all of it is there.
        command: [
          "etcdctl",
          `--endpoints=https://${environment.cluster}-etcd:2379`,
          "--cacert=/certs/etcd-ca.crt",
          "--cert=/certs/apiserver-etcd-client.crt",
          "--key=/certs/apiserver-etcd-client.key",
          "snapshot",
          "save",
          file,
        ],
        volumeMounts: [snapshots, { name: "certs", mountPath: "/certs", readOnly: true }],
      },
    ],
    containers: [
      {
        ...container,
        name: "look",
        command: ["etcdutl", "--write-out=table", "snapshot", "status", file],
        volumeMounts: [snapshots],
      },
    ],
    volumes: [
      { name: "snapshots", persistentVolumeClaim: { claimName: EtcdSnapshots.NAME } },
      // The virtual cluster makes it when it first starts.
      {
        name: "certs",
        secret: {
          secretName: `${environment.cluster}-certs`,
          defaultMode: 0o440,
          items: ["etcd-ca.crt", "apiserver-etcd-client.crt", "apiserver-etcd-client.key"].map((key) => ({
            key,
            path: key,
          })),
        },
      },
    ],
  };
}
