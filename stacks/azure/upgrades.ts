import type { KubernetesClusterConfig } from "@cdktf/provider-azurerm/lib/kubernetes-cluster";
import { DAYS, type AzureCluster } from "../../config/clouds/azure";

type Upgrades = Pick<
  KubernetesClusterConfig,
  "automaticUpgradeChannel" | "maintenanceWindowAutoUpgrade" | "nodeOsUpgradeChannel" | "maintenanceWindowNodeOs"
>;

/** Hours that AKS has for the cluster, at least four, and then for the images of nodes. https://learn.microsoft.com/azure/aks/planned-maintenance */
const CLUSTER_HOURS = 4;
const IMAGE_HOURS = 8;

/** What AKS upgrades by itself, one after the other once a week: the patch level, then the images of nodes. */
export function upgrades({ channel, day, time }: AzureCluster["upgrades"]): Upgrades {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  const later = hour + CLUSTER_HOURS;
  const imageDay = DAYS[(DAYS.indexOf(day) + Math.floor(later / 24)) % DAYS.length] ?? day;
  const imageTime = [later % 24, minute].map((part) => String(part).padStart(2, "0")).join(":");
  return {
    ...(channel === "patch" && {
      automaticUpgradeChannel: channel,
      maintenanceWindowAutoUpgrade: weekly(day, time, CLUSTER_HOURS),
    }),
    nodeOsUpgradeChannel: "NodeImage",
    maintenanceWindowNodeOs: weekly(imageDay, imageTime, IMAGE_HOURS),
  };
}

const weekly = (dayOfWeek: string, startTime: string, duration: number) => ({
  frequency: "Weekly",
  interval: 1,
  dayOfWeek,
  startTime,
  utcOffset: "+00:00",
  duration,
});
