import { StorageClassV1 } from "@cdktf/provider-kubernetes/lib/storage-class-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

/** The platform's StorageClass: encrypted by Azure, made in the zone of the pod that needs it, expandable. AKS's own stay as they are. */
export class Storage extends Construct {
  static readonly CLASS = "premium-ssd";
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: { readonly dependsOn: readonly ITerraformDependable[] }) {
    super(scope, id);
    const storageClass = new StorageClassV1(this, "premium-ssd", {
      metadata: { name: Storage.CLASS },
      storageProvisioner: "disk.csi.azure.com",
      parameters: { skuName: "Premium_LRS" },
      volumeBindingMode: "WaitForFirstConsumer",
      allowVolumeExpansion: true,
      reclaimPolicy: "Delete",
      dependsOn: [...props.dependsOn],
    });
    this.ready = [storageClass];
  }
}
