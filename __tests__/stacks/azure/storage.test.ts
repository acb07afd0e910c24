import { AZURE_LOCATIONS, zonesIn } from "../../../config/clouds/azure-locations";
import { asObject } from "../../../policies/plan/synthesized-stack";
import { Storage } from "../../../stacks/azure/storage";
import { synthesized } from "../../support/azure";
import { ofType, valuesOf } from "../../support/synth";

const stackWith = (props: { location: string }) =>
  synthesized((scope) => new Storage(scope, "storage", { ...props, own: "acme-azure-platform", dependsOn: [] }));
const parameters = (props: { location: string }) =>
  asObject(ofType(stackWith(props), "kubernetes_storage_class_v1")[0]?.attributes["parameters"]);

test("volumes lie in all zones, where disks can", () => {
  expect(parameters({ location: "swedencentral" })["skuName"]).toBe("Premium_ZRS");
});

test("volumes lie in one place where the location has no zones, or no such disks", () => {
  expect(parameters({ location: "westus" })["skuName"]).toBe("Premium_LRS");
  expect(parameters({ location: "canadacentral" })["skuName"]).toBe("Premium_LRS");
});

test("no volume is in all zones of a location without any", () => {
  const wrong = AZURE_LOCATIONS.filter((location) => zonesIn(location).length === 0).filter(
    (location) => parameters({ location })["skuName"] !== "Premium_LRS",
  );
  expect(wrong).toEqual([]);
});

test("disks say whose they are, and nothing that a config may change", () => {
  expect(parameters({ location: "swedencentral" })["tags"]).toBe("stackyard-cluster=acme-azure-platform");
});

test("snapshots have a class of the same driver", () => {
  expect(valuesOf(stackWith({ location: "swedencentral" }), "snapshot-class")).toEqual({
    name: "azure-disk",
    driver: "disk.csi.azure.com",
  });
});
