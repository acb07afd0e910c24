/** What every kind of cluster must offer: one table over all of them. */
import { COMPONENT_NAMES, type ComponentName } from "../../config/components";
import { asObject, releaseValues } from "../../policies/plan/synthesized-stack";
import { PLAN_RULES } from "../../policies/plan/rules";
import { applyRules } from "../../policies/plan/rule";
import { platformOf } from "../support/config";
import { table, tableBelow } from "../support/markdown";
import { cell, offered, OFFERS } from "../support/offers";
import { dependenciesOf, KINDS, metadata, ofType, outside, release, synth, valuesOf } from "../support/synth";

/** What a cluster of this platform has no use for: records without a zone, secrets without a store, a plugin without GPUs. */
const WITHOUT: Readonly<Record<(typeof KINDS)[number], readonly ComponentName[]>> = {
  aws: ["nvidia-device-plugin", "opencost"],
  azure: ["nvidia-device-plugin", "opencost"],
  local: ["nvidia-device-plugin", "external-dns", "kubecost", "barman-cloud"],
};

describe.each(KINDS)("%s-platform", (kind) => {
  const platform = platformOf((d) => {
    d.teams.web.namespaces = {
      api: { quota: { cpu: 2, memory: "4Gi", pods: 20 } },
      jobs: { quota: d.teams.web.quota },
    };
    delete d.teams.web.quota;
    d.teams.web.egress = ["0.0.0.0/0"];
  });
  const stack = synth(platform, `${kind}-platform`);
  const releases = ofType(stack, "helm_release");

  test("has every component, pinned, atomic and waited for", () => {
    const names = releases.map(({ attributes }) => attributes["name"]);
    expect(COMPONENT_NAMES.filter((name) => names.includes(name))).toEqual(
      COMPONENT_NAMES.filter((name) => !WITHOUT[kind].includes(name)),
    );
    for (const { attributes } of releases) {
      expect(attributes).toMatchObject({
        atomic: true,
        cleanup_on_fail: true,
        wait: true,
        wait_for_jobs: true,
        max_history: 5,
        create_namespace: false,
      });
      expect(attributes["version"] ?? attributes["chart"]).toMatch(/^v?\d+\.\d+\.\d+$|^assets\/chart-/);
    }
  });

  test("announces GPUs as soon as a pool has them, on exactly the nodes of such pools", () => {
    const gpus = synth(
      platformOf(
        (d) => (d.teams.web.nodePools.main = { class: "gpu", cpus: [4, 16], limits: { cpu: 32, memory: "224Gi" } }),
      ),
      stack.name,
    );
    const installed = ofType(gpus, "helm_release").filter(
      ({ attributes }) => attributes["name"] === "nvidia-device-plugin",
    );
    // The nodes of a local cluster are somebody else's.
    expect(installed).toHaveLength(kind === "local" ? 0 : 1);
    if (kind === "local") return;
    const { affinity, tolerations } = valuesOf(gpus, "nvidia-device-plugin");
    expect(tolerations).toEqual([{ operator: "Exists" }]);
    const labels = gpus.resources.filter(({ path }) => path.includes("/web/main-") || path.includes("/web/chart/"));
    expect(JSON.stringify(labels)).toMatch(/stackyard\.dev\/node-class[\\": ]+gpu/);
    expect(JSON.stringify(affinity)).toContain('{"key":"stackyard.dev/node-class","operator":"In","values":["gpu"]}');
    const namespace = ofType(gpus, "kubernetes_namespace_v1").find(({ path }) =>
      path.includes("/nvidia-device-plugin/"),
    );
    expect(namespace && metadata(namespace)["labels"]).toMatchObject({
      "pod-security.kubernetes.io/enforce": "privileged",
    });
  });

  test("has each namespace of each team with its quota", () => {
    const quotas = ofType(stack, "kubernetes_resource_quota_v1").map((quota) => [
      metadata(quota)["namespace"],
      asObject(quota.attributes["spec"])["hard"],
    ]);
    expect(Object.fromEntries(quotas)).toMatchObject({
      "team-docs": {
        "requests.cpu": "1",
        "requests.memory": "2Gi",
        "services.loadbalancers": "0",
        "services.nodeports": "0",
      },
      "team-web-api": { "requests.cpu": "2", "requests.memory": "4Gi", pods: "20" },
      "team-web-jobs": { "requests.cpu": "4", "requests.memory": "16Gi" },
      "vcluster-acme-dev": { "requests.cpu": "2490m" },
    });
  });

  test("labels a team's namespaces with team, cost centre and Pod Security level", () => {
    const namespace = ofType(stack, "kubernetes_namespace_v1").find(
      (candidate) => metadata(candidate)["name"] === "team-docs",
    );
    expect(namespace && metadata(namespace)["labels"]).toMatchObject({
      "stackyard.dev/team": "docs",
      "stackyard.dev/cost-center": "CC-2",
      "pod-security.kubernetes.io/enforce": "baseline",
    });
  });

  test("binds the team's groups by the name that this cluster has for them", () => {
    const name = { aws: "stackyard:web", azure: "22222222-2222-2222-2222-222222222222", local: "web" }[kind];
    expect(valuesOf(stack, "team-docs")["groups"]).toEqual({ admin: [], edit: [], view: [name] });
  });

  test("opens a team's egress without the metadata addresses and private ranges", () => {
    const except = [
      "10.0.0.0/8",
      "100.64.0.0/10",
      "168.63.129.16/32",
      "169.254.0.0/16",
      "172.16.0.0/12",
      "192.168.0.0/16",
    ];
    expect(valuesOf(stack, "team-web")["egress"]).toEqual([{ cidr: "0.0.0.0/0", except }]);
    expect(valuesOf(stack, "team-docs")["egress"]).toEqual([]);
  });

  test("puts host names into the cluster's own domain", () => {
    const { domain } = platform.clusters.find(({ name }) => name === stack.name) ?? {};
    expect(valuesOf(stack, "gateway")).toMatchObject({ domain });
    expect(valuesOf(stack, "argo-cd")).toMatchObject({ global: { domain: `argocd.${domain}` } });
    expect(valuesOf(stack, "gitea-route")).toMatchObject({ host: `gitea.${domain}` });
  });

  test("names a storage class wherever there are volumes", () => {
    const storageClass = { aws: "gp3", azure: "premium-ssd", local: "standard" }[kind];
    expect(valuesOf(stack, "keycloak-db")).toMatchObject({ storageClass });
    if (kind !== "local")
      expect(valuesOf(stack, "kubecost")).toMatchObject({ global: { defaultStorageClass: storageClass } });
    expect(valuesOf(stack, "gitea")).toMatchObject({ persistence: { storageClass } });
    expect(valuesOf(stack, "acme-dev")).toMatchObject({
      controlPlane: { statefulSet: { persistence: { volumeClaim: { storageClass } } } },
    });
  });

  test("brings custom resources after their definitions, and databases before who needs them", () => {
    const dependencies = (name: string) => dependenciesOf(stack, release(stack, name).address);
    const addresses = (...names: string[]) => names.map((name) => release(stack, name).address);
    expect([...dependencies("gateway")]).toEqual(expect.arrayContaining(addresses("envoy-gateway", "cert-manager")));
    expect([...dependencies("keycloak")]).toEqual(
      expect.arrayContaining(addresses("keycloak-db", "keycloak-secrets", "generators", "cloudnative-pg", "gateway")),
    );
    expect([...dependencies("gitea")]).toEqual(
      expect.arrayContaining(addresses("gitea-db", "gitea-secrets", "keycloak-realm", "cloudnative-pg")),
    );
    expect([...dependencies("kube-prometheus-stack")]).toEqual(
      expect.arrayContaining(addresses("prometheus-operator-crds", "gateway")),
    );
    expect([...dependencies("argo-cd")]).toEqual(expect.arrayContaining(addresses("gateway", "keycloak-realm")));
  });

  test("holds no team in the values of a virtual cluster: they restart its API server", () => {
    expect(releaseValues(release(stack, "acme-dev")).join()).not.toMatch(/\b(web|docs|CC-1)\b/);
  });

  test("says at the end of a deploy where everything is", () => {
    const { domain } = platform.clusters.find(({ name }) => name === stack.name) ?? {};
    const outputs = asObject(stack.json["output"]);
    expect(asObject(outputs["urls"])["value"]).toEqual({
      argocd: `https://argocd.${domain}`,
      gitea: `https://gitea.${domain}`,
      grafana: `https://grafana.${domain}`,
      keycloak: `https://keycloak.${domain}`,
    });
    const command = {
      aws: "aws eks update-kubeconfig",
      azure: "az aks get-credentials",
      local: "kubectl config use-context kind-acme",
    }[kind];
    expect(asObject(outputs["kubeconfig"])["value"]).toContain(command);
  });

  test("lets one replica at a time be drained from a highly available environment", () => {
    const prod = synth(
      platformOf((d) => (d.environments.dev.preset = "prod")),
      stack.name,
    );
    const budgets = ofType(prod, "kubernetes_pod_disruption_budget_v1").map(({ attributes }) => attributes["spec"]);
    const selecting = (app: string) => ({
      max_unavailable: "1",
      selector: { match_labels: { app, release: "acme-dev" } },
    });
    expect(budgets).toEqual([selecting("vcluster"), selecting("vcluster-etcd")]);
    expect(ofType(stack, "kubernetes_pod_disruption_budget_v1")).toEqual([]);
  });

  test("keeps every policy", () => {
    // The small config has no state of its own, which is a warning.
    expect(applyRules(PLAN_RULES, [stack]).filter(({ rule }) => rule !== "state-shared")).toEqual([]);
  });

  test("keeps every policy with names of secrets wherever the config takes one", () => {
    const platform = platformOf((d) => {
      const smtp = { host: "smtp.acme.example:587", from: "a@acme.example", login: { username: "a", secret: "smtp" } };
      d.alerts = { receiver: { webhook: { secret: "hook" } }, smtp };
      d.teams.web.alerts = { receiver: { email: { to: "web@acme.example" } } };
      d.teams.docs.alerts = { receiver: { pagerduty: { secret: "pages" } } };
      const [issuer, secret] = ["https://login.example.com/tenant", "entra"];
      const urls = { authorizationUrl: `${issuer}/a`, tokenUrl: `${issuer}/t`, jwksUrl: `${issuer}/k` };
      d.signIn = { identityProvider: { name: "entra", issuer, ...urls, clientId: "stackyard", secret } };
    });
    const violations = applyRules(PLAN_RULES, [synth(platform, `${kind}-platform`)]);
    expect(violations.filter(({ rule }) => rule !== "state-shared")).toEqual([]);
  });

  test("lets no annotation of an Ingress make a certificate", () => {
    expect(valuesOf(stack, "cert-manager")["extraArgs"]).toEqual(["--controllers=*,-ingress-shim"]);
  });

  test("tells environments of the host's StorageClasses: a claim without a class gets the default, and counts as such", () => {
    expect(valuesOf(stack, "acme-dev")).toHaveProperty("sync.fromHost.storageClasses.enabled", true);
  });

  test("makes no namespace with Helm and no object with kubernetes_manifest", () => {
    expect(ofType(stack, "kubernetes_manifest")).toEqual([]);
  });
});

test("one table says what each kind of cluster offers, and where it does not, why", () => {
  const kinds = KINDS.map((kind) => offered(kind, outside().clusterOf));
  expect(tableBelow("clouds.md", "What each kind of cluster offers")).toBe(
    table(
      ["what", "`aws()`: EKS", "`azure()`: AKS", "`local()`"],
      OFFERS.map((offer) => [offer.what, ...kinds.map((of) => cell(offer, of))]),
    ),
  );
});
