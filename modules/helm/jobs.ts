/** Jobs of our own: one container, no rights, nothing writable but what is mounted. */
import type { KubernetesObject } from "./resources";

export interface JobProps {
  /** Name of the Job, and of its container. */
  readonly name: string;
  readonly image: string;
  /** @default - the image's */
  readonly command?: readonly string[];
  readonly env: readonly object[];
  /** Requests of CPU and memory; the memory is its limit, too. */
  readonly resources: { readonly cpu: string; readonly memory: string };
  /** Folder in the container to what is mounted there: a ConfigMap's name, or an empty folder that can be written to. */
  readonly mounts: Readonly<Record<string, { readonly configMap: string } | "empty">>;
}

export interface ReconcilingJobProps extends JobProps {
  /** When it runs besides, as cron says it. */
  readonly schedule: string;
}

/** Nobody in particular. */
export const USER = 65532;

/** What every container of a job may do: nothing beside its work. */
export const CONTAINED = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
} as const;

/** A Job whenever its release changed, which fails the deploy when it fails, and the same by the clock, for what changed by hand. */
export function reconcilingJob({ schedule, ...props }: ReconcilingJobProps): readonly KubernetesObject[] {
  const { name } = props;
  return [
    {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: {
        name,
        annotations: {
          "helm.sh/hook": "post-install,post-upgrade",
          "helm.sh/hook-delete-policy": "before-hook-creation",
        },
      },
      spec: jobSpec(props),
    },
    {
      apiVersion: "batch/v1",
      kind: "CronJob",
      metadata: { name },
      spec: { schedule, concurrencyPolicy: "Forbid", jobTemplate: { spec: jobSpec(props) } },
    },
  ];
}

/** `spec` of a Job whose pod satisfies the Pod Security level "restricted". */
export function jobSpec({ name, image, command, env, resources, mounts }: JobProps): object {
  const volumes = Object.entries(mounts).map(([mountPath, source], index) => ({
    mountPath,
    name: `mount-${index}`,
    source: source === "empty" ? { emptyDir: {} } : { configMap: { name: source.configMap } },
    readOnly: source !== "empty",
  }));
  return {
    backoffLimit: 6,
    activeDeadlineSeconds: 600,
    template: {
      spec: {
        restartPolicy: "Never",
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, runAsUser: USER, seccompProfile: { type: "RuntimeDefault" } },
        containers: [
          {
            name,
            image,
            ...(command && { command }),
            env,
            resources: { requests: resources, limits: { memory: resources.memory } },
            securityContext: CONTAINED,
            volumeMounts: volumes.map(({ name, mountPath, readOnly }) => ({ name, mountPath, readOnly })),
          },
        ],
        volumes: volumes.map(({ name, source }) => ({ name, ...source })),
      },
    },
  };
}

/** An environment variable from a key of a Secret. */
export const secretVariable = (name: string, secret: string, key: string): object => ({
  name,
  valueFrom: { secretKeyRef: { name: secret, key } },
});
