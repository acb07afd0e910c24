/** One stack or three: the same resources, under the same addresses, each in the layer that owns it. */
import { platformOf, theirEks, type Draft } from "../support/config";
import { byAddress, ofType, synth } from "../support/synth";

/** What each cloud calls things; whatever holds for layers holds for both. */
const CLOUDS = {
  aws: {
    provider: "aws",
    cluster: ["aws_eks_cluster", "aws_vpc", "aws_eks_node_group", "aws_eks_addon", "aws_kms_key"],
    platform: ["aws_sqs_queue", "aws_cloudwatch_event_rule", "kubernetes_storage_class_v1"],
    found: '"aws_eks_cluster"',
    rights: { aws: { managedPolicies: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] } },
    state: { bucket: "acme" },
    backend: "s3",
    theirs: theirEks,
    // Network, cluster, keys: what is not made where somebody else has made it.
    notMade: ["aws_eks_cluster", "aws_vpc", "aws_eks_node_group", "aws_eks_addon", "aws_kms_key"],
  },
  azure: {
    provider: "azurerm",
    cluster: [
      "azurerm_kubernetes_cluster",
      "azurerm_virtual_network",
      "azurerm_log_analytics_workspace",
      "azurerm_key_vault",
      "azurerm_resource_group",
    ],
    platform: ["kubernetes_storage_class_v1"],
    found: '"azurerm_kubernetes_cluster"',
    rights: {
      azure: {
        roleAssignments: [
          {
            role: "Storage Blob Data Reader",
            scope: "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/data",
          },
        ],
      },
    },
    state: { storageAccount: "acme", resourceGroup: "state" },
    backend: "azurerm",
    theirs: (cluster: Draft) => {
      cluster.existing = { name: "theirs", resourceGroup: "theirs" };
      delete cluster.access.public;
      const theirs = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/theirs/providers";
      cluster.network.existing = { nodeSubnet: `${theirs}/Microsoft.Network/virtualNetworks/theirs/subnets/nodes` };
      cluster.secrets = { vault: `${theirs}/Microsoft.KeyVault/vaults/theirs` };
    },
    notMade: [
      "azurerm_kubernetes_cluster",
      "azurerm_virtual_network",
      "azurerm_log_analytics_workspace",
      "azurerm_key_vault",
    ],
  },
} as const;

describe.each(["aws", "azure"] as const)("%s", (cloud) => {
  const facts = CLOUDS[cloud];
  const name = `${cloud}-platform`;
  const names = [`${cloud}-cluster`, name, `${cloud}-teams`];
  const platformWith = (change: (cluster: Draft, draft: Draft) => void) =>
    platformOf((d) => {
      d.teams.web.serviceAccounts = { reader: facts.rights };
      change(d.clusters[name], d);
    });
  const layered = (change: (cluster: Draft, draft: Draft) => void = () => undefined) => {
    const platform = platformWith((cluster, d) => {
      cluster.layout = "layered";
      change(cluster, d);
    });
    return names.map((layer) => synth(platform, layer));
  };
  const single = synth(
    platformWith(() => undefined),
    name,
  );
  const layers = layered();
  const addresses = (stack: (typeof layers)[number]) => stack.resources.map(({ address }) => address);

  test("the layers together are the one stack, and no address is in two of them", () => {
    const all = layers.flatMap(addresses);
    expect(new Set(all).size).toBe(all.length);
    expect(all.sort()).toEqual(addresses(single).sort());
  });

  test.each([
    ["cluster", facts.cluster],
    ["platform", facts.platform],
    ["teams", ["kubernetes_resource_quota_v1"]],
  ])("the layer %s alone owns %s", (layer, types) => {
    for (const type of types) {
      for (const stack of layers) expect(ofType(stack, type).length > 0).toBe(stack.name === `${cloud}-${layer}`);
    }
  });

  test("the layer of the cluster has no Kubernetes in it, so its plan needs no API server", () => {
    const [cluster] = layers;
    expect(Object.keys(cluster?.json["provider"] as object)).toEqual([facts.provider]);
  });

  test("the later layers find the cluster by its name and nothing else of the earlier ones", () => {
    for (const stack of layers.slice(1)) {
      expect(JSON.stringify(stack.json["data"])).toContain(facts.found);
      expect(JSON.stringify(stack.json)).not.toContain("terraform_remote_state");
    }
  });

  test("a team's change touches the layer of the teams alone", () => {
    const before = layers.map(byAddress);
    const after = layered((_cluster, d) => {
      d.teams.web.quota.cpu = 5;
      d.teams.web.environments.dev.cpu = 3;
      d.teams.web.nodePools.main.limits.cpu = 40;
    }).map(byAddress);
    expect(
      names.filter(
        (_name, index) => JSON.stringify([...(before[index] ?? [])]) !== JSON.stringify([...(after[index] ?? [])]),
      ),
    ).toEqual([`${cloud}-teams`]);
  });

  test("each layer has a state of its own, and none that of the one stack, which a deploy without the move would empty", () => {
    const stacks = layered((cluster) => (cluster.state = facts.state));
    expect(stacks.map(({ json }) => (json["terraform"] as Draft).backend[facts.backend].key)).toEqual([
      `${name}.cluster.tfstate`,
      `${name}.platform.tfstate`,
      `${name}.teams.tfstate`,
    ]);
  });

  describe("a cluster that somebody else made", () => {
    const stack = synth(platformWith(facts.theirs), name);

    test("gets the platform and the teams, and nothing of its own is made", () => {
      const made = new Set(stack.resources.map(({ type }) => type));
      for (const type of facts.notMade) expect(made).not.toContain(type);
      const [cluster] = layers;
      const ofCluster = new Set(cluster ? addresses(cluster) : []);
      const kept = addresses(single).filter(
        // How their autoscaler chooses among pools is theirs.
        (address) => !ofCluster.has(address) && !address.includes("autoscaler_"),
      );
      expect(addresses(stack)).toEqual(expect.arrayContaining(kept));
    });

    test("has the same layers but the first", () => {
      const two = platformWith((cluster) => {
        cluster.layout = "layered";
        facts.theirs(cluster);
      });
      expect(() => synth(two, `${cloud}-cluster`)).toThrow(`no stack ${cloud}-cluster`);
      expect(ofType(synth(two, name), "helm_release").length).toBeGreaterThan(10);
    });
  });
});
