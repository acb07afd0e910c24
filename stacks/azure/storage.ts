import { StorageClassV1 } from "@cdktf/provider-kubernetes/lib/storage-class-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { HelmRelease } from "../../modules/helm/helm-release";
import { CLUSTER_TAG } from "../../config/names";
import { tagList } from "./tags";

const DRIVER = "disk.csi.azure.com";

/** Locations with disks that lie in all zones: https://learn.microsoft.com/azure/virtual-machines/disks-redundancy#zrs-regional-availability */
const WITH_ZONE_REDUNDANT_DISKS = [
  "australiaeast", "brazilsouth", "centralindia", "eastasia", "eastus", "eastus2", "francecentral", "italynorth",
  "japaneast", "koreacentral", "northeurope", "norwayeast", "polandcentral", "qatarcentral", "southafricanorth",
  "southcentralus", "southeastasia", "swedencentral", "switzerlandnorth", "uaenorth", "uksouth", "westeurope", "westus2",
  "westus3",
]; // prettier-ignore

export interface StorageProps {
  readonly location: string;
  /** What the platform tags its own with. */
  readonly own: string;
  /** What brings the driver and the definitions of snapshots. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/**
 * The default StorageClass: in all zones where that can be, expandable; and the one of snapshots. AKS's own stay as they are.
 * Azure encrypts every disk, with the key of the cluster's disk encryption set where it has one:
 * https://learn.microsoft.com/azure/aks/azure-disk-customer-managed-keys#encrypt-your-aks-cluster-data-disk
 */
export class Storage extends Construct {
  static readonly CLASS = "premium-ssd";
  static readonly SNAPSHOT_CLASS = "azure-disk";
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: StorageProps) {
    super(scope, id);
    const storageClass = new StorageClassV1(this, "premium-ssd", {
      // AKS has a default class as well; of two, Kubernetes takes the younger one, which is this:
      // https://kubernetes.io/docs/concepts/storage/storage-classes/#default-storageclass
      metadata: { name: Storage.CLASS, annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
      storageProvisioner: DRIVER,
      parameters: {
        // Disks lie in a group of AKS's, or of whoever made the cluster. Tags that a config may change would make the class anew.
        tags: tagList({ [CLUSTER_TAG]: props.own }),
        // A disk in one zone would hold its pod there, and the autoscaler may make its next node in another. AKS's own classes do
        // the same since 1.29: https://learn.microsoft.com/azure/aks/concepts-storage#storage-classes
        skuName: WITH_ZONE_REDUNDANT_DISKS.includes(props.location) ? "Premium_ZRS" : "Premium_LRS",
      },
      volumeBindingMode: "WaitForFirstConsumer",
      allowVolumeExpansion: true,
      reclaimPolicy: "Delete",
      dependsOn: [...props.dependsOn],
    });
    // The driver's snapshots are incremental unless they are told not to be.
    const snapshotClass = new HelmRelease(this, "snapshots", {
      chart: "snapshot-class",
      name: "snapshot-class",
      namespace: "kube-system",
      values: { name: Storage.SNAPSHOT_CLASS, driver: DRIVER },
      dependsOn: props.dependsOn,
    });
    this.ready = [storageClass, snapshotClass.resource];
  }
}
