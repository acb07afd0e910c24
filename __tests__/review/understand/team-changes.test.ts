/** What a review says of what teams may use, and who they are. */
import { reviewOfPlan, type Planned } from "../../support/plans";

const said = (...planned: readonly Planned[]) =>
  reviewOfPlan(planned).stacks[0]?.findings.map(({ level, text }) => `${level}: ${text}`);

const release = (before: string, after: string): Planned => ({
  address: "helm_release.teams_web_chart_release_1234ABCD",
  actions: ["update"],
  before: { chart: "assets/chart-team/x", name: "team-web", values: [before] },
  after: { chart: "assets/chart-team/x", name: "team-web", values: [after] },
});

describe("groups", () => {
  const groups = (cluster: string, signedIn: string, more = "environments: [{ name: dev }]") => `
groups: { admin: [stackyard:${cluster}], view: [] }
inside: { groups: { admin: [${signedIn}], view: [] } }
appProject: { spec: { roles: [{ name: admin, groups: [${signedIn}] }] } }
${more}
`;

  test("another name with which a group signs in is another group in environments and in Argo CD", () => {
    expect(said(release(groups("web", "web-people"), groups("web", "crew")))).toEqual([
      "caution: web: group crew gets admin in environments and Argo CD",
      "caution: web: group web-people loses admin in environments and Argo CD",
    ]);
  });

  test("what a group gets everywhere is said once", () => {
    expect(said(release(groups("web", "web"), groups("crew", "crew")))).toEqual([
      "caution: web: group crew gets admin",
      "caution: web: group web loses admin",
    ]);
  });

  test("a team without environments has nobody in them", () => {
    expect(said(release(groups("web", "web-people", ""), groups("web", "crew", "")))).toEqual([
      "caution: web: group crew gets admin in Argo CD",
      "caution: web: group web-people loses admin in Argo CD",
    ]);
  });

  test("where Argo CD itself goes, no group is said to lose it", () => {
    const without = groups("web", "web").replace(/appProject.*\n/, "");
    expect(said(release(groups("web", "web"), without))).toEqual([]);
  });
});

describe("bounds", () => {
  const quota = (hard: object) => ({
    metadata: [{ name: "team", namespace: "team-web", labels: { "stackyard.dev/team": "web" } }],
    spec: [{ hard: { "requests.cpu": "2", "requests.memory": "8Gi", ...hard } }],
  });
  const changed = (before: object, after: object) =>
    said({
      address: "kubernetes_resource_quota_v1.teams_web_team-web_quota_1234ABCD",
      actions: ["update"],
      before: quota(before),
      after: quota(after),
    });

  test("a quota that names them now takes something, whatever the figure", () => {
    expect(changed({}, { pods: "15", "requests.storage": "20Gi" })).toEqual([
      "caution: web is now bound to 15 pods in namespace team-web",
      "caution: web is now bound to 20 GiB of storage in namespace team-web",
    ]);
    expect(changed({}, { "gp3.storageclass.storage.k8s.io/requests.storage": "0" })).toEqual([
      "caution: web is now bound to 0 GiB of gp3 storage in namespace team-web",
    ]);
  });

  test("one that names them no longer lets the team have more", () => {
    expect(changed({ pods: "60", "limits.cpu": "8" }, {})).toEqual([
      "caution: web is no longer bound in pods in namespace team-web",
      "caution: web is no longer bound in cores of limits in namespace team-web",
    ]);
  });

  test("GPUs that are not named are none", () => {
    expect(changed({}, { "requests.nvidia.com/gpu": "2" })).toEqual(["routine: web gets 2 GPUs in namespace team-web"]);
    expect(changed({ "requests.nvidia.com/gpu": "2" }, {})).toEqual([
      "caution: web has no longer its 2 GPUs in namespace team-web",
    ]);
    expect(changed({}, { "requests.nvidia.com/gpu": "0" })).toEqual([]);
  });
});

describe("nodes", () => {
  const karpenter = (more: string) => {
    const {
      taints = "[]",
      volume = "80Gi",
      label = "cache",
      cpu = "32",
    } = Object.fromEntries(more.split(" ").map((part) => part.split("=", 2))) as Record<string, string>;
    return `resources:
  - kind: EC2NodeClass
    metadata: { name: web-main }
    spec: { blockDeviceMappings: [{ ebs: { volumeSize: ${volume} } }] }
  - kind: NodePool
    metadata: { name: web-main }
    spec:
      limits: { cpu: ${cpu} }
      template:
        metadata: { labels: { example.com/kind: ${label} } }
        spec: { taints: ${taints}, requirements: [] }
`;
  };
  const pool = (part: string, before: string, after: string): Planned => ({
    address: `helm_release.${part}_chart_release_1234ABCD`,
    actions: ["update"],
    before: { chart: "assets/chart-resources/x", name: "pools", values: [karpenter(before)] },
    after: { chart: "assets/chart-resources/x", name: "pools", values: [karpenter(after)] },
  });

  test("Karpenter replaces those that differ from their pool or class", () => {
    expect(said(pool("node-pools_web", "volume=80Gi", "volume=120Gi"))).toEqual([
      "caution: web: nodes of pool web-main are replaced: no longer blockDeviceMappings.ebs.volumeSize 80Gi; blockDeviceMappings.ebs.volumeSize 120Gi",
    ]);
  });

  test("a taint keeps pods away, and a label that goes is asked for in vain", () => {
    expect(said(pool("node-pools_web", "", 'taints=[{"key":"team","value":"web","effect":"NoSchedule"}]'))).toEqual([
      "caution: web: nodes of pool web-main are replaced: taint team=web:NoSchedule",
      "caution: web: pods that do not tolerate team=web:NoSchedule find no node in pool web-main",
    ]);
    expect(said(pool("node-pools_web", "label=cache", "label=index"))).toEqual([
      "caution: web: nodes of pool web-main are replaced: no longer label example.com/kind=cache; label example.com/kind=index",
      "caution: web: pods that ask for example.com/kind=cache find no node in pool web-main",
    ]);
  });

  test("the cluster's shared pool is looked at as a team's", () => {
    expect(said(pool("shared-pool", "volume=80Gi cpu=32", "volume=120Gi cpu=16"))).toEqual([
      "caution: the cluster loses 16 cores in pool web-main (32 → 16)",
      "caution: the cluster: nodes of pool web-main are replaced: no longer blockDeviceMappings.ebs.volumeSize 80Gi; blockDeviceMappings.ebs.volumeSize 120Gi",
    ]);
  });

  test("on AKS they stay, and pods may not", () => {
    const vms = (taints: readonly string[], kind: string) => ({
      name: "webmain",
      vm_size: "Standard_D8ds_v5",
      node_taints: taints,
      node_labels: { "stackyard.dev/node-pool": "main", "stackyard.dev/cost-center": kind, "example.com/kind": kind },
    });
    const address = "azurerm_kubernetes_cluster_node_pool.node-pools_web_main-regular_1234ABCD";
    expect(
      said({ address, actions: ["update"], before: vms([], "cache"), after: vms(["team=web:NoSchedule"], "index") }),
    ).toEqual([
      "caution: web: pods that do not tolerate team=web:NoSchedule find no node in pool main",
      "caution: web: pods that ask for example.com/kind=cache find no node in pool main",
    ]);
  });

  test("a shared pool of a stack that is new is none of its changes", () => {
    const { after, ...rest } = pool("shared-pool", "", "");
    expect(said({ ...rest, actions: ["create"], before: null, after })).toEqual([]);
  });
});
