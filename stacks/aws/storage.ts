import { StorageClassV1 } from "@cdktf/provider-kubernetes/lib/storage-class-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

/** The default StorageClass: encrypted gp3, made in the zone of the pod that needs it, expandable. */
export class Storage extends Construct {
  static readonly CLASS = "gp3";
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: { readonly dependsOn: readonly ITerraformDependable[] }) {
    super(scope, id);
    const storageClass = new StorageClassV1(this, "gp3", {
      metadata: { name: Storage.CLASS, annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
      storageProvisioner: "ebs.csi.aws.com",
      parameters: { type: "gp3", encrypted: "true" },
      volumeBindingMode: "WaitForFirstConsumer",
      allowVolumeExpansion: true,
      reclaimPolicy: "Delete",
      dependsOn: [...props.dependsOn],
    });
    this.ready = [storageClass];
  }
}
