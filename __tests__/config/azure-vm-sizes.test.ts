import { KNOWN_VM_SIZES, lacksLocalDisk, parseVmSize } from "../../config/clouds/azure-vm-sizes";

test("no VM size stands in the table twice", () => {
  expect(new Set(KNOWN_VM_SIZES.map(({ name }) => name)).size).toBe(KNOWN_VM_SIZES.length);
});

test.each(KNOWN_VM_SIZES)("$name is in the table as it says by its name", ({ name, cpu, architecture }) => {
  expect(parseVmSize(name)).toMatchObject({ cpu, architecture });
  expect(lacksLocalDisk(name)).toBe(false);
});

test.each([
  ["Standard_D8ds_v5", { family: "D", cpu: 8, architecture: "amd64", features: "ds", version: 5 }],
  ["Standard_E16pds_v6", { family: "E", cpu: 16, architecture: "arm64", features: "pds", version: 6 }],
  ["Standard_DS3_v2", { family: "DS", cpu: undefined, architecture: "amd64", features: "", version: 2 }],
  ["Standard_B4ms", { family: "B", cpu: 4, architecture: "amd64", features: "ms", version: 1 }],
  ["Standard_M8-2ms_v2", { family: "M", cpu: 2, architecture: "amd64", features: "ms", version: 2 }],
  ["Standard_NC4as_T4_v3", { family: "NC", cpu: 4, architecture: "amd64", features: "as", version: 3 }],
  [
    "Standard_NC144ds_xl_RTXPRO6000BSE_v6",
    { family: "NC", cpu: 144, architecture: "amd64", features: "ds", version: 6 },
  ],
])("%s is read", (name, size) => {
  expect(parseVmSize(name)).toEqual(size);
});

test.each(["D8ds_v5", "Standard_d8ds_v5", "Standard_D8ds_v", "Standard_D8ds_V5", "Standard_", "m5.large"])(
  "%s is no name",
  (name) => {
    expect(parseVmSize(name)).toBeUndefined();
  },
);

// https://learn.microsoft.com/azure/virtual-machines/ephemeral-os-disks, and what Azure's list of sizes says of each.
test.each([
  ["Standard_D4s_v5", true],
  ["Standard_D2as_v6", true],
  ["Standard_B4s_v2", true],
  ["Standard_DC8s_v3", true],
  ["Standard_D4ds_v5", false],
  ["Standard_D4as_v4", false],
  ["Standard_D4s_v3", false],
  ["Standard_F16s_v2", false],
  ["Standard_ND96asr_v4", false],
])("whether %s lacks a local disk is %s", (name, lacks) => {
  expect(lacksLocalDisk(name)).toBe(lacks);
});
