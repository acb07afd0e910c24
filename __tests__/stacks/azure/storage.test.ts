import { AZURE_LOCATIONS, zonesIn } from "../../../config/clouds/azure-locations";
import { Storage } from "../../../stacks/azure/storage";
import { synthesized } from "../../support/azure";
import { ofType, valuesOf } from "../../support/synth";

const stackWith = (props: { location: string }) =>
  synthesized((scope) => new Storage(scope, "storage", { ...props, dependsOn: [] }));
const parameters = (props: { location: string }) =>
  ofType(stackWith(props), "kubernetes_storage_class_v1")[0]?.attributes["parameters"];

test("volumes lie in all zones, where disks can", () => {
  expect(parameters({ location: "swedencentral" })).toEqual({ skuName: "Premium_ZRS" });
});

test("volumes lie in one place where the location has no zones, or no such disks", () => {
  expect(parameters({ location: "westus" })).toEqual({ skuName: "Premium_LRS" });
  expect(parameters({ location: "canadacentral" })).toEqual({ skuName: "Premium_LRS" });
});

test("no volume is in all zones of a location without any", () => {
  const wrong = AZURE_LOCATIONS.filter((location) => zonesIn(location).length === 0).filter(
    (location) => JSON.stringify(parameters({ location })) !== '{"skuName":"Premium_LRS"}',
  );
  expect(wrong).toEqual([]);
});

test("snapshots have a class of the same driver", () => {
  expect(valuesOf(stackWith({ location: "swedencentral" }), "snapshot-class")).toEqual({
    name: "azure-disk",
    driver: "disk.csi.azure.com",
  });
});
