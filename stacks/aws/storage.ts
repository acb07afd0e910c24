import { StorageClassV1 } from "@cdktf/provider-kubernetes/lib/storage-class-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { HelmRelease } from "../../modules/helm/helm-release";

const DRIVER = "ebs.csi.aws.com";

/** The default StorageClass: encrypted gp3, made in the zone of the pod that needs it, expandable; and the one of snapshots. */
export class Storage extends Construct {
  static readonly CLASS = "gp3";
  static readonly SNAPSHOT_CLASS = "ebs";
  readonly ready: readonly ITerraformDependable[];

  /** `dependsOn`: the add-ons, which bring the driver and the definitions of snapshots. */
  constructor(scope: Construct, id: string, props: { readonly dependsOn: readonly ITerraformDependable[] }) {
    super(scope, id);
    const storageClass = new StorageClassV1(this, "gp3", {
      metadata: { name: Storage.CLASS, annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
      storageProvisioner: DRIVER,
      parameters: { type: "gp3", encrypted: "true" },
      volumeBindingMode: "WaitForFirstConsumer",
      allowVolumeExpansion: true,
      reclaimPolicy: "Delete",
      dependsOn: [...props.dependsOn],
    });
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
