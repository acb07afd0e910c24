import { USER } from "./helm/jobs";
import type { KubernetesObject } from "./helm/resources";

/** Days of the week as cron has them. */
export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

export type Weekday = (typeof WEEKDAYS)[number];

export interface WeeklyJobsProps {
  /** The jobs are `<name>-<day>`; at most 48 characters. */
  readonly name: string;
  /** Minute and hour, as cron has them. */
  readonly schedule: string;
  /** Labels of the pods. */
  readonly labels: Readonly<Record<string, string>>;
  /** Containers, volumes, service account: what follows from the purpose. */
  readonly pod: (day: Weekday) => Readonly<Record<string, unknown>>;
}

/**
 * A CronJob for each day of the week. What it keeps has the day's name and takes the place of last week's, so that nothing has to be
 * counted or removed, and no image needs a shell: those of etcd and kubectl have none.
 */
export function weeklyJobs({ name, schedule, labels, pod }: WeeklyJobsProps): readonly KubernetesObject[] {
  return WEEKDAYS.map((day) => ({
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name: `${name}-${day}` },
    spec: {
      schedule: `${schedule} * * ${day}`,
      timeZone: "Etc/UTC",
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds: 3600,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 1,
      jobTemplate: {
        spec: {
          backoffLimit: 2,
          activeDeadlineSeconds: 3600,
          template: {
            metadata: { labels },
            spec: {
              restartPolicy: "Never",
              enableServiceLinks: false,
              securityContext: {
                runAsNonRoot: true,
                runAsUser: USER,
                runAsGroup: USER,
                fsGroup: USER,
                seccompProfile: { type: "RuntimeDefault" },
              },
              ...pod(day),
            },
          },
        },
      },
    },
  }));
}
