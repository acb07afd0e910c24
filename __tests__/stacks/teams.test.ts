/** What keeps a team in its bounds on the host: marks, protection, adoption. */
import { asList, asObject, type Json } from "../../policies/plan/synthesized-stack";
import { platformOf, type Draft } from "../support/config";
import { dependenciesOf, KINDS, metadata, ofType, release, synth, valuesOf, type Synthesized } from "../support/synth";

const protectedTeam = (draft: Draft): void => {
  draft.teams.web.deletionProtection = true;
};
const labels = (stack: Synthesized, type: string, name: string): Record<string, Json> =>
  asObject(metadata(inNamespace(stack, type, name))["labels"]);
const inNamespace = (stack: Synthesized, type: string, name: string) => {
  const found = ofType(stack, type).find((resource) => {
    const { name: own, namespace = own } = metadata(resource);
    return namespace === name;
  });
  if (!found) throw new Error(`no ${type} in ${name}`);
  return found;
};
const NAMESPACE = "kubernetes_namespace_v1";
const QUOTA = "kubernetes_resource_quota_v1";
const MARK = { "stackyard.dev/owned-by": "platform" };
const PROTECTED = { "stackyard.dev/deletion-protection": "true" };
const OWN_POOLS = { "stackyard.dev/node-pools": "own" };

test.each(KINDS)("%s-platform: namespaces and quotas carry the platform's mark", (kind) => {
  const stack = synth(platformOf(), `${kind}-platform`);
  for (const type of [NAMESPACE, QUOTA]) expect(labels(stack, type, "team-web")).toMatchObject(MARK);
});

test("pods must ask for the team's nodes where the platform makes nodes, and the team has some", () => {
  expect(labels(synth(platformOf(), "aws-platform"), NAMESPACE, "team-web")).toMatchObject(OWN_POOLS);
  expect(labels(synth(platformOf(), "aws-platform"), NAMESPACE, "team-docs")).not.toMatchObject(OWN_POOLS);
  expect(labels(synth(platformOf(), "local-platform"), NAMESPACE, "team-web")).not.toMatchObject(OWN_POOLS);
});

test.each(KINDS)("%s-platform: a team comes after the policies, and goes before them", (kind) => {
  const stack = synth(platformOf(), `${kind}-platform`);
  const policies = release(stack, "stackyard-admission-policies").address;
  expect(dependenciesOf(stack, inNamespace(stack, NAMESPACE, "team-web").address)).toContain(policies);
});

const CONFIG_MAP = "kubernetes_config_map_v1";
const guardOf = (stack: Synthesized, name: string) => {
  const found = ofType(stack, CONFIG_MAP).find((resource) => metadata(resource)["name"] === name);
  if (!found) throw new Error(`no guard ${name}`);
  return found;
};

test.each(KINDS)("%s-platform: a protected team's guard goes before anything else of the team's", (kind) => {
  const stack = synth(
    platformOf((d) => {
      protectedTeam(d);
      d.teams.web.alerts = { receiver: { slack: { channel: "#web", secret: "slack" } } };
    }),
    `${kind}-platform`,
  );
  const guard = guardOf(stack, "team-web");
  expect(metadata(guard)).toMatchObject({ namespace: "stackyard-teams", labels: PROTECTED });
  const before = dependenciesOf(stack, guard.address);
  const theirs = stack.resources.filter(
    ({ path, address }) =>
      /\/(teams|node-pools|team-vaults)\/web\//.test(path) && address !== guard.address && !address.startsWith("data."),
  );
  expect(theirs.length).toBeGreaterThan(2);
  for (const { address } of theirs) expect(before).toContain(address);
});

test.each(KINDS)("%s-platform: a team's quota is there before anybody has a right in its namespace", (kind) => {
  const stack = synth(platformOf(protectedTeam), `${kind}-platform`);
  const quota = inNamespace(stack, QUOTA, "team-web");
  expect(dependenciesOf(stack, release(stack, "team-web").address)).toContain(quota.address);
  const before = [...dependenciesOf(stack, quota.address)];
  expect(before.filter((address) => /teams_web_(?!team-web_namespace)|node-pools_web/.test(address))).toEqual([]);
});

test("a team is as protected as its cluster, where it does not say otherwise", () => {
  const prod = (draft: Draft): void => {
    draft.clusters["aws-platform"].deletionProtection = true;
    draft.clusters["azure-platform"].deletionProtection = false;
  };
  expect(labels(synth(platformOf(prod), "aws-platform"), QUOTA, "team-docs")).toMatchObject(PROTECTED);
  expect(labels(synth(platformOf(prod), "aws-platform"), NAMESPACE, "team-docs")).toMatchObject(PROTECTED);
  expect(labels(synth(platformOf(prod), "azure-platform"), QUOTA, "team-docs")).not.toMatchObject(PROTECTED);
  const lifted = platformOf((d) => {
    prod(d);
    d.teams.docs.deletionProtection = false;
  });
  expect(labels(synth(lifted, "aws-platform"), QUOTA, "team-docs")).not.toMatchObject(PROTECTED);
  expect(metadata(guardOf(synth(lifted, "aws-platform"), "team-docs"))["labels"]).not.toMatchObject(PROTECTED);
});

describe.each(KINDS)("%s-platform: an environment", (kind) => {
  const HOST = "vcluster-acme-dev";
  const marks = (change?: (draft: Draft) => void) => {
    const stack = synth(platformOf(change), `${kind}-platform`);
    return [
      labels(stack, NAMESPACE, HOST),
      labels(stack, QUOTA, HOST),
      asObject(metadata(guardOf(stack, "deletion-guard"))["labels"]),
    ].map((of) => Object.entries(PROTECTED).every(([key, value]) => of[key] === value));
  };

  test("is protected while a protected team has a part of it", () => {
    expect(marks(protectedTeam)).toEqual([true, true, true]);
  });

  test("is not where its teams are not, whatever others are", () => {
    expect(marks((d) => (d.teams.web.deletionProtection = false))).toEqual([false, false, false]);
    expect(
      marks((d) => {
        d.teams.web.deletionProtection = false;
        d.teams.docs.deletionProtection = true;
      }),
    ).toEqual([false, false, false]);
  });

  test("goes after what guards it, its volumes and quota included", () => {
    const stack = synth(platformOf(protectedTeam), `${kind}-platform`);
    const vcluster = release(stack, "acme-dev").address;
    expect(dependenciesOf(stack, inNamespace(stack, QUOTA, HOST).address)).toContain(vcluster);
    const guard = guardOf(stack, "deletion-guard").address;
    const before = dependenciesOf(stack, guard);
    const others = stack.resources.filter(
      ({ path, address }) => path.includes("/environments/dev/") && address !== guard,
    );
    expect(others.map(({ address }) => address)).toContain(vcluster);
    for (const { address } of others) expect(before).toContain(address);
  });
});

test("protection moves no address", () => {
  const addresses = (change?: (draft: Draft) => void) =>
    synth(platformOf(change), "aws-platform").resources.map(({ address }) => address);
  expect(addresses(protectedTeam)).toEqual(addresses());
});

test("a namespace is adopted on the clusters that it is said of, and made on the others", () => {
  const platform = platformOf((d) => {
    const { quota, ...docs } = d.teams.docs;
    d.teams.docs = { ...docs, namespaces: { old: { quota, name: "legacy", adopt: ["local-platform"] } } };
  });
  const imports = (name: string): Json => synth(platform, name).json["import"] ?? [];
  expect(asList(imports("local-platform")).map((block) => asObject(block)["id"])).toEqual(["legacy"]);
  expect(imports("aws-platform")).toEqual([]);
  expect(asList(valuesOf(synth(platform, "aws-platform"), "team-docs")["namespaces"])).toMatchObject([
    { name: "legacy" },
  ]);
});

test("a namespace is as strict as it says, and baseline otherwise", () => {
  const platform = platformOf((d) => {
    const { quota, ...docs } = d.teams.docs;
    d.teams.docs = { ...docs, namespaces: { a: { quota }, b: { quota, podSecurity: "restricted" } } };
  });
  const enforced = (name: string) =>
    labels(synth(platform, "local-platform"), NAMESPACE, name)["pod-security.kubernetes.io/enforce"];
  expect([enforced("team-docs-a"), enforced("team-docs-b")]).toEqual(["baseline", "restricted"]);
});

test("a quota counts each StorageClass, and no GPUs means none", () => {
  const platform = platformOf((d) => (d.teams.docs.quota.storageClasses = { gp3: "5Gi" }));
  const { spec } = inNamespace(synth(platform, "aws-platform"), QUOTA, "team-docs").attributes;
  expect(asObject(asObject(spec)["hard"])).toMatchObject({
    "gp3.storageclass.storage.k8s.io/requests.storage": "5Gi",
    "requests.nvidia.com/gpu": "0",
  });
});

test.each(KINDS)("%s-platform: no team can be given a namespace of the platform's", (kind) => {
  const taken = ofType(synth(platformOf(), `${kind}-platform`), NAMESPACE)
    .filter(({ path }) => !path.includes("/teams/"))
    .map((resource) => String(metadata(resource)["name"]));
  expect(taken.length).toBeGreaterThan(5);
  for (const name of taken)
    expect(() =>
      platformOf((d) => {
        const { quota, ...docs } = d.teams.docs;
        d.teams.docs = { ...docs, namespaces: { old: { quota, name } } };
      }),
    ).toThrow("is a namespace of Kubernetes or of the platform");
});
