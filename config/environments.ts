/** Presets of virtual clusters: what their control planes ask of the host, before any team's pods. */
import type { EnvironmentPreset } from "./input";
import type { Environment } from "./platform";
import { GIBIBYTE, MEBIBYTE } from "./quantities";

export const ENVIRONMENT_PRESETS = ["dev", "prod", "mgmt"] as const satisfies readonly EnvironmentPreset[];

/** Requests in millicores and bytes, storage in bytes; of one replica where there are several. */
interface ControlPlane {
  readonly replicas: number;
  readonly api: { readonly cpu: number; readonly memory: number; readonly storage: number };
  /** etcd members beside the API server; 0: SQLite inside it. */
  readonly etcd: { readonly replicas: number; readonly cpu: number; readonly memory: number; readonly storage: number };
  /** The job that writes snapshots of etcd, and its volume; nothing where there is no etcd. */
  readonly snapshots: { readonly cpu: number; readonly memory: number; readonly storage: number };
  readonly coreDns: { readonly replicas: number; readonly cpu: number; readonly memory: number };
}

const coreDns = { cpu: 20, memory: 64 * MEBIBYTE };
const noEtcd = { replicas: 0, cpu: 0, memory: 0, storage: 0 };
const noSnapshots = { cpu: 0, memory: 0, storage: 0 };

/** The code sets these as resources of the control plane, so that quota and pods agree; all else is in charts-values/vcluster/. */
export const CONTROL_PLANES: Readonly<Record<EnvironmentPreset, ControlPlane>> = {
  dev: {
    replicas: 1,
    api: { cpu: 200, memory: 512 * MEBIBYTE, storage: 5 * GIBIBYTE },
    etcd: noEtcd,
    snapshots: noSnapshots,
    coreDns: { replicas: 1, ...coreDns },
  },
  mgmt: {
    replicas: 1,
    api: { cpu: 200, memory: 512 * MEBIBYTE, storage: 5 * GIBIBYTE },
    etcd: noEtcd,
    snapshots: noSnapshots,
    coreDns: { replicas: 1, ...coreDns },
  },
  prod: {
    replicas: 2,
    api: { cpu: 500, memory: 1 * GIBIBYTE, storage: 5 * GIBIBYTE },
    etcd: { replicas: 3, cpu: 200, memory: 512 * MEBIBYTE, storage: 10 * GIBIBYTE },
    // Seven, and one that is being written: etcd itself is bounded to 2 GiB, a quota that its chart leaves as it is.
    snapshots: { cpu: 50, memory: 128 * MEBIBYTE, storage: 20 * GIBIBYTE },
    coreDns: { replicas: 2, ...coreDns },
  },
};

/** Requests of a Job that takes what a team has into an environment, in millicores and bytes. Several may wait for each other. */
export const DELIVERY_JOB = { cpu: 50, memory: 128 * MEBIBYTE } as const;

/** Requests of the whole control plane and of one delivery, with room for one more pod of each kind while it is rolled out. */
export function controlPlaneRequests(preset: EnvironmentPreset): { cpu: number; memory: number } {
  const { replicas, api, etcd, snapshots, coreDns: dns } = CONTROL_PLANES[preset];
  const surge = (count: number): number => (count === 0 ? 0 : count + 1);
  const sum = (of: "cpu" | "memory"): number =>
    surge(replicas) * api[of] +
    surge(etcd.replicas) * etcd[of] +
    surge(dns.replicas) * dns[of] +
    snapshots[of] +
    DELIVERY_JOB[of];
  return { cpu: sum("cpu"), memory: sum("memory") };
}

/** Storage of the whole control plane: API servers keep nothing where etcd does. Volumes are kept and bound again, so none is spare. */
export function controlPlaneStorage(preset: EnvironmentPreset): number {
  const { replicas, api, etcd, snapshots } = CONTROL_PLANES[preset];
  return (etcd.replicas === 0 ? replicas * api.storage : etcd.replicas * etcd.storage) + snapshots.storage;
}

/** Jobs of the platform's own that may run in an environment's namespace at once, beside one for each team: snapshots, and one more. */
const JOBS = 2;

/** Pods of the whole control plane, with one more of each kind while it is rolled out, and the platform's Jobs. */
export function controlPlanePods(preset: EnvironmentPreset, teams: number): number {
  const { replicas, etcd, coreDns: dns } = CONTROL_PLANES[preset];
  const kinds = [replicas, etcd.replicas, dns.replicas].filter((count) => count > 0);
  return kinds.reduce((pods, count) => pods + count + 1, JOBS + teams);
}

/** Address of a virtual cluster's API inside the host; its certificate names exactly this. */
export function virtualClusterServer({ cluster, namespace }: Pick<Environment, "cluster" | "namespace">): string {
  return `https://${cluster}.${namespace}:443`;
}
