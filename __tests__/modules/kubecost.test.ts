import { NO_IDENTITY, type PlatformCluster, type WorkloadIdentity } from "../../modules/cluster";
import { Kubecost } from "../../modules/kubecost";
import { synthesized } from "../support/azure";
import { platformOf } from "../support/config";
import { valuesOf } from "../support/synth";

/** Values of Kubecost's release on a cluster whose bill is read with this identity. */
function valuesWith(identity: Partial<WorkloadIdentity>) {
  const cluster = {
    name: "acme",
    storageClass: "disk",
    costs: { integration: { cloud: {} } },
    ready: [],
    identityFor: () => ({ ...NO_IDENTITY, ...identity }),
  } as unknown as PlatformCluster;
  return valuesOf(
    synthesized((scope) => new Kubecost(scope, "kubecost", { platform: platformOf(), cluster })),
    "kubecost",
  );
}

test("its pods have the labels that their identity needs", () => {
  expect(valuesWith({ podLabels: { "identity/use": "true" } })["global"]).toEqual({
    clusterId: "acme",
    defaultStorageClass: "disk",
    additionalLabels: { "identity/use": "true" },
  });
});

test("its pods have no labels of ours where the identity needs none", () => {
  expect(valuesWith({})["global"]).toEqual({ clusterId: "acme", defaultStorageClass: "disk" });
});
