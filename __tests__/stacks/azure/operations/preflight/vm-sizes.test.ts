import { findStack } from "../../../../../config/layers";
import { ephemeralGibibytes, zonesOf } from "../../../../../stacks/azure/operations/preflight/skus";
import { judgeSize, wishes, type Wish } from "../../../../../stacks/azure/operations/preflight/vm-sizes";
import { vmSize, type SkuInput } from "../../../../support/azure-skus";
import { platformOf, type Draft } from "../../../../support/config";

const WISH: Wish = {
  who: "pool web/main",
  size: "Standard_D4ds_v5",
  cpu: 4,
  memoryGibibytes: 16,
  architecture: "amd64",
  zones: ["1", "2", "3"],
  spot: true,
  gpu: false,
  ephemeral: true,
  hostEncryption: true,
};

function wishesWith(change: (azure: Draft, draft: Draft) => void = () => undefined) {
  const platform = platformOf((draft) => {
    change(draft.clusters["azure-platform"], draft);
  });
  return wishes({ platform, cluster: findStack(platform, "azure-platform", "azure").cluster });
}

describe("what the config asks for", () => {
  test("system nodes and every pool ask for their size, in the zones of the location", () => {
    expect(wishesWith()).toMatchObject([
      {
        who: "systemNodes",
        size: "Standard_D4ds_v5",
        cpu: 4,
        zones: ["1", "2", "3"],
        hostEncryption: true,
        spot: false,
      },
      { who: "pool shared", size: "Standard_D8ds_v5", cpu: 8, memoryGibibytes: 32 },
      { who: "pool web/main", size: "Standard_D8ds_v5", architecture: "amd64", ephemeral: true },
    ]);
  });

  test("what a pool says about itself is asked for", () => {
    const [, , web] = wishesWith((azure, draft) => {
      azure.hostEncryption = false;
      Object.assign(draft.teams.web.nodePools.main, {
        capacity: "spot-with-fallback",
        azure: { vmSize: "Standard_D8s_v9", cpu: 8, memoryGibibytes: 32, zones: ["2"], osDisk: "Managed" },
      });
    });
    expect(web).toMatchObject({
      size: "Standard_D8s_v9",
      zones: ["2"],
      spot: true,
      ephemeral: false,
      hostEncryption: false,
    });
  });

  test("a cluster of somebody else has system nodes", () => {
    const made = wishesWith((azure) => {
      azure.existing = { name: "theirs", resourceGroup: "g" };
      delete azure.access.public;
    });
    expect(made.map(({ who }) => who)).toEqual(["pool shared", "pool web/main"]);
  });
});

describe("a size", () => {
  const judge = (sku: SkuInput = {}, wish: Partial<Wish> = {}) =>
    judgeSize({ ...WISH, ...wish }, vmSize("Standard_D4ds_v5", sku), "swedencentral");

  test("that fits", () => {
    expect(judge()).toEqual({
      severity: "ok",
      subject: "VM size of pool web/main",
      found: "Standard_D4ds_v5: offered in zones 1, 2, 3",
    });
    expect(judge({ zones: [] }, { zones: [] }).found).toBe("Standard_D4ds_v5: offered in swedencentral");
  });

  test("that the location does not know", () => {
    expect(judgeSize(WISH, undefined, "swedencentral")).toMatchObject({
      severity: "error",
      found: "swedencentral does not offer Standard_D4ds_v5",
    });
  });

  test("that the subscription may not use", () => {
    const restrictions = [{ type: "Location", reasonCode: "NotAvailableForSubscription" }];
    expect(judge({ restrictions })).toMatchObject({
      severity: "error",
      found: "the subscription may not use Standard_D4ds_v5 in swedencentral (NotAvailableForSubscription)",
    });
  });

  test.each<[SkuInput, Partial<Wish>, string]>([
    [
      {
        restrictions: [{ type: "Zone", reasonCode: "NotAvailableForSubscription", zones: ["2"] }],
      },
      {},
      "is not offered to the subscription in zone 2, only in 1, 3",
    ],
    [{ zones: ["1"] }, {}, "is not offered to the subscription in zone 2, 3, only in 1"],
    [{ capabilities: { CpuArchitectureType: "Arm64" } }, {}, "is arm64, the config says amd64"],
    [
      { capabilities: { MaxResourceVolumeMB: "51200" } },
      {},
      'has room for an ephemeral OS disk of 50 GiB, and 64 are needed (or azure.osDisk: "Managed" of a pool)',
    ],
    [
      { capabilities: { EphemeralOSDiskSupported: "False" } },
      {},
      'has room for an ephemeral OS disk of 0 GiB, and 64 are needed (or azure.osDisk: "Managed" of a pool)',
    ],
    [{ capabilities: { EncryptionAtHostSupported: "False" } }, {}, "cannot encrypt its disks itself (hostEncryption)"],
    [{ capabilities: { PremiumIO: "False" } }, {}, "takes no premium disks, which the platform's volumes are"],
    [{ capabilities: { LowPriorityCapable: "False" } }, {}, "is not sold as spot"],
    [{}, { gpu: true }, "has no GPU"],
    [
      { capabilities: { PremiumIO: "False", LowPriorityCapable: "False" } },
      {},
      "takes no premium disks, which the platform's volumes are; is not sold as spot",
    ],
  ])("%j for %j", (sku, wish, lacks) => {
    expect(judge(sku, wish)).toMatchObject({ severity: "error", found: `Standard_D4ds_v5 ${lacks}` });
  });

  test("what is not asked for is not missed", () => {
    const capabilities = {
      EphemeralOSDiskSupported: "False",
      EncryptionAtHostSupported: "False",
      LowPriorityCapable: "False",
    };
    expect(judge({ capabilities }, { ephemeral: false, hostEncryption: false, spot: false }).severity).toBe("ok");
    expect(judge({ capabilities: { GPUs: "1" } }, { gpu: true }).severity).toBe("ok");
  });

  test("that is not what the table or the escape hatch says is a warning: the sums would not hold", () => {
    expect(judge({}, { cpu: 8, memoryGibibytes: 32 })).toMatchObject({
      severity: "warn",
      found: "Standard_D4ds_v5 has 4 cores and 16 GiB, the config counts with 8 and 32",
    });
    expect(judge({ capabilities: { vCPUsAvailable: "2" } }).severity).toBe("warn");
    expect(judge({}, { cpu: undefined, memoryGibibytes: undefined }).severity).toBe("ok");
  });
});

test("an ephemeral OS disk lies on the NVMe disk where it may, else in the cache, else on the temporary disk", () => {
  const room = (capabilities: Record<string, string>) => ephemeralGibibytes(vmSize("x", { capabilities }));
  const nvme = { NvmeDiskSizeInMiB: "225280", SupportedEphemeralOSDiskPlacements: "NvmeDisk" };
  expect(room(nvme)).toBe(220);
  expect(room({ ...nvme, SupportedEphemeralOSDiskPlacements: "ResourceDisk" })).toBe(150);
  expect(room({ CachedDiskBytes: "107374182400" })).toBe(100);
  expect(room({ CachedDiskBytes: "0", MaxResourceVolumeMB: "76800" })).toBe(75);
  // Standard_D4ds_v5 as it is.
  expect(room({})).toBe(150);
});

test("zones are those that are offered, less the restricted ones", () => {
  const restrictions = [{ type: "Zone", zones: ["3"] }];
  expect(zonesOf(vmSize("x", { restrictions }))).toEqual(["1", "2"]);
});
