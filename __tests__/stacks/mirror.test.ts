/** The two cloud folders read as mirror images: the same thing is in the file of the same name, and comes up in the same order. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { allStacks } from "../../config/layers";
import { platformOf } from "../support/config";
import { outside } from "../support/synth";

/** Reasons, by what one side has alone. */
type Alone = Readonly<Record<string, string>>;

const FILES: Readonly<Record<"aws" | "azure", Alone>> = {
  aws: {
    "addons.ts": "AKS brings them with the cluster",
    "eks.ts": "aks.ts there",
    "endpoints.ts": "AKS's nodes reach Azure's services over their egress",
    "flow-logs.ts": "logs.ts there has the control plane's alone",
    "iam.ts": "roles.ts there",
    "interruption-queue.ts": "AKS drains spot nodes itself",
    "karpenter-permissions.ts": "the autoscaler is a part of AKS",
    "karpenter.ts": "the autoscaler is a part of AKS",
    "load-balancer-controller.ts": "a part of AKS",
    "load-balancer-permissions.ts": "a part of AKS",
    "node-role.ts": "AKS makes the identity of its nodes",
    "private-access.ts": "AKS's private API has no security group of ours",
    "workload-role.ts": "workload-identity.ts there",
    "zones.ts": "locations and their zones are in the config",
  },
  azure: {
    "aks.ts": "eks.ts there",
    "autoscaler.ts": "karpenter.ts there",
    "key-vault.ts": "Secrets Manager is there without being made",
    "kubelogin.ts": "the AWS CLI needs to know no application's id",
    "logs.ts": "control-plane.ts and flow-logs.ts there",
    "roles.ts": "iam.ts there",
    "tags.ts": "AWS's provider has default tags",
    "team-vault.ts": "see key-vault.ts",
    "upgrades.ts": "EKS upgrades nothing by itself",
    "vault.ts": "see key-vault.ts",
    "workload-identity.ts": "workload-role.ts there",
  },
};

/** Direct children of the stacks. */
const STEPS: Readonly<Record<"aws" | "azure", Alone>> = {
  aws: {
    aws: "the provider",
    account: "named in the config there",
    partition: "AWS has several clouds of one API",
    "encryption-key": "a part of the control plane there, and only where the config names one",
    "flow-logs": "see above",
    "private-access": "see above",
    "network-addons": "see above",
    "system-node-role": "see above",
    "system-nodes": "a part of the cluster there",
    "workload-addons": "see above",
    karpenter: "see above",
    "load-balancers": "see above",
    "team-access": "one construct with the administrators' there",
  },
  azure: {
    azurerm: "the provider",
    "resource-group": "AWS has none",
    client: "the tenant",
    "key-vault": "see above",
    "team-vaults": "see above",
    logs: "see above",
    autoscaler: "see above",
  },
};

const folder = (cloud: string): string[] =>
  readdirSync(join(__dirname, "..", "..", "stacks", cloud), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);

test("the same thing is in the file of the same name", () => {
  const [aws, azure] = [folder("aws"), folder("azure")];
  expect({
    aws: aws.filter((name) => !azure.includes(name)),
    azure: azure.filter((name) => !aws.includes(name)),
  }).toEqual({ aws: Object.keys(FILES.aws), azure: Object.keys(FILES.azure) });
});

function steps(cloud: "aws" | "azure", layout: "single" | "layered"): (readonly string[])[] {
  const platform = platformOf((d) => {
    d.clusters[`${cloud}-platform`].layout = layout;
    d.clusters[`${cloud}-platform`].budget = { monthly: 1000, ...(cloud === "azure" && { from: "2027-01" }) };
  });
  return allStacks(platform)
    .filter(({ cluster }) => cluster.kind === cloud)
    .map(({ name }) => outside().stepsOf(platform, name));
}

/** What a stack has in common with its mirror image, in its own order, without the chart that whoever comes first brings. */
const common = (own: readonly (readonly string[])[], other: readonly (readonly string[])[]) =>
  own.map((ids, index) => ids.filter((id) => other[index]?.includes(id) && id !== "chart-resources"));

describe.each(["single", "layered"] as const)("layout %s", (layout) => {
  const [aws, azure] = [steps("aws", layout), steps("azure", layout)];

  test("what both stacks make comes in the same order", () => {
    expect(common(azure, aws)).toEqual(common(aws, azure));
  });

  test("what one makes alone has a reason", () => {
    // Node pools are of this chart on the one side, and resources of their own on the other.
    const alone = (own: readonly (readonly string[])[], other: readonly (readonly string[])[]) =>
      [...new Set(own.flatMap((ids, index) => ids.filter((id) => !other[index]?.includes(id))))]
        .filter((id) => id !== "chart-resources")
        .sort();
    // In a layer of its own the access of teams is "team-access" on the one side and "access" on the other.
    expect(alone(aws, azure).filter((id) => STEPS.aws[id] === undefined)).toEqual([]);
    expect(alone(azure, aws).filter((id) => STEPS.azure[id] === undefined && id !== "access")).toEqual([]);
  });
});

test("no exception is left over", () => {
  const all = (cloud: "aws" | "azure") => new Set([...steps(cloud, "single"), ...steps(cloud, "layered")].flat());
  const [aws, azure] = [all("aws"), all("azure")];
  expect(Object.keys(STEPS.aws).filter((id) => !aws.has(id) || azure.has(id))).toEqual([]);
  expect(Object.keys(STEPS.azure).filter((id) => !azure.has(id) || aws.has(id))).toEqual([]);
});

test("the page of AKS has the sections of that of EKS, in their order", () => {
  const sections = (page: string): string[] =>
    [...readFileSync(join(__dirname, "..", "..", "docs", "components", page), "utf8").matchAll(/^## (.+)$/gm)].map(
      ([, title = ""]) => title,
    );
  const eks = sections("eks.md");
  expect(sections("aks.md").filter((title) => eks.includes(title))).toEqual(eks);
});
