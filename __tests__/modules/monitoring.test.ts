/** What is watched, and who is told. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { COMPONENT_NAMES } from "../../config/components";
import { readValues } from "../../modules/helm/values";
import { platformOf, type Draft } from "../support/config";
import { dependenciesOf, differences, KINDS, ofType, release, synth, valuesOf } from "../support/synth";

interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec: Readonly<Record<string, unknown>>;
}

type Stack = ReturnType<typeof synth>;
const resourcesOf = (stack: Stack, name: string): readonly Resource[] =>
  valuesOf(stack, name)["resources"] as unknown as readonly Resource[];
const namesOf = (stack: Stack, name: string): readonly string[] =>
  resourcesOf(stack, name).map(({ metadata }) => metadata.name);
const releases = (stack: Stack): readonly string[] =>
  ofType(stack, "helm_release").map(({ attributes }) => String(attributes["name"]));

const stacks = Object.fromEntries(KINDS.map((kind) => [kind, synth(platformOf(), `${kind}-platform`)])) as Record<
  (typeof KINDS)[number],
  Stack
>;
const monitors = readValues("monitoring/monitors") as Readonly<Record<string, Readonly<Record<string, object>>>>;

describe("monitors", () => {
  test("stand under names of components", () => {
    expect(Object.keys(monitors).filter((name) => !(COMPONENT_NAMES as readonly string[]).includes(name))).toEqual([]);
  });

  test("every component has one, but for those without metrics, and Prometheus itself", () => {
    // OpenCost's chart has a monitor of its own, whose intervals its queries are made for.
    expect(COMPONENT_NAMES.filter((name) => !(name in monitors))).toEqual([
      "barman-cloud",
      "kube-prometheus-stack",
      "nvidia-device-plugin",
      "opencost",
      "prometheus-operator-crds",
    ]);
  });

  test.each(KINDS)("%s: whatever is on is asked, and the cluster's own", (kind) => {
    const own = kind === "aws" ? ["aws-load-balancer-controller", "karpenter"] : [];
    const expected = Object.entries(monitors)
      // Nothing publishes records of a local cluster, and OpenCost counts its costs.
      .filter(([component]) => kind !== "local" || !["external-dns", "kubecost"].includes(component))
      .flatMap(([, ofComponent]) => Object.keys(ofComponent));
    expect(namesOf(stacks[kind], "monitors")).toEqual([...expected, ...own].sort());
  });

  test("what is off is not asked, and nobody is told that it is down", () => {
    const stack = synth(
      platformOf((d) => (d.components = { gitea: false, "argo-cd": false })),
      "local-platform",
    );
    for (const name of ["monitors", "rules"]) {
      expect(JSON.stringify(resourcesOf(stack, name))).not.toMatch(/gitea|argo-cd/);
    }
  });

  test.each(KINDS)("%s: each has an alert for when nothing answers", (kind) => {
    const rules = JSON.stringify(resourcesOf(stacks[kind], "rules"));
    for (const { metadata } of resourcesOf(stacks[kind], "monitors"))
      expect(rules).toContain(`absent(up{job=\\"${metadata.namespace}/${metadata.name}\\"} == 1)`);
  });

  test("Gitea's metrics are at its public address, and ask for a token that both sides read from one Secret", () => {
    const monitor = resourcesOf(stacks.local, "monitors").find(({ metadata }) => metadata.name === "gitea");
    expect(monitor?.metadata.namespace).toBe("gitea");
    expect(JSON.stringify(monitor?.spec)).toContain('"credentials":{"key":"password","name":"gitea-metrics"}');
    expect(namesOf(stacks.local, "gitea-secrets")).toContain("gitea-metrics");
    expect(JSON.stringify(valuesOf(stacks.local, "gitea"))).toContain(
      '"name":"GITEA__METRICS__TOKEN","valueFrom":{"secretKeyRef":{"key":"password","name":"gitea-metrics"}}',
    );
  });
});

describe("order", () => {
  test.each(["monitors", "rules", "dashboards"])("%s go before the operator that knows them", (name) => {
    const upstream = dependenciesOf(stacks.local, release(stacks.local, name).address);
    for (const needed of ["kube-prometheus-stack", "prometheus-operator-crds"])
      expect([...upstream]).toContain(release(stacks.local, needed).address);
  });

  test("without kube-prometheus-stack nothing of this is there", () => {
    const stack = synth(
      platformOf((d) => (d.components = { "kube-prometheus-stack": false })),
      "local-platform",
    );
    expect(releases(stack).filter((name) => /^(monitors|rules|dashboards|alerts|team-alerts)/.test(name))).toEqual([]);
  });
});

describe("alerts", () => {
  const slack = { receiver: { slack: { channel: "#alerts", secret: "slack" } } };

  test.each(KINDS)("%s: without receivers there is no route", (kind) => {
    expect(releases(stacks[kind]).filter((name) => name.includes("alerts"))).toEqual([]);
    expect(JSON.stringify(valuesOf(stacks[kind], "kube-prometheus-stack"))).not.toContain("alertmanagerConfiguration");
  });

  test.each(KINDS)("%s: a team's receiver is one address, and changes no other", (kind) => {
    const after = synth(
      platformOf((d) => (d.teams.web.alerts = slack)),
      `${kind}-platform`,
    );
    const { added, removed, changed } = differences(stacks[kind], after);
    expect([...removed, ...changed]).toEqual([]);
    expect(added).toEqual([release(after, "team-alerts-web").address]);
  });

  test("the platform's receiver is the root of all routes", () => {
    const after = synth(
      platformOf((d) => (d.alerts = slack)),
      "local-platform",
    );
    const { added, removed, changed } = differences(stacks.local, after);
    expect(removed).toEqual([]);
    expect(added).toEqual([release(after, "alerts").address]);
    expect(changed).toEqual([release(after, "kube-prometheus-stack").address]);
    expect(namesOf(after, "alerts")).toEqual(["platform"]);
    expect(JSON.stringify(valuesOf(after, "kube-prometheus-stack"))).toContain(
      '"alertmanagerConfiguration":{"name":"platform"}',
    );
  });

  test.each([
    ["slack", { channel: "#web", secret: "entry" }, "slackConfigs", "apiURL"],
    ["webhook", { secret: "entry" }, "webhookConfigs", "urlSecret"],
    ["pagerduty", { secret: "entry" }, "pagerdutyConfigs", "routingKey"],
  ])("%s reads its Secret, which comes from the cluster's secret store", (kind, input, list, key) => {
    const stack = synth(
      platformOf((d) => (d.teams.web.alerts = { receiver: { [kind]: input } })),
      "aws-platform",
    );
    const [secret, config] = resourcesOf(stack, "team-alerts-web");
    expect(secret).toMatchObject({
      kind: "ExternalSecret",
      metadata: { name: "alerts-web" },
      spec: {
        secretStoreRef: { kind: "ClusterSecretStore", name: "platform" },
        target: { name: "alerts-web" },
        data: [{ secretKey: "value", remoteRef: { key: "entry" } }],
      },
    });
    expect(config?.spec["receivers"]).toEqual([
      { name: "receiver", [list]: [expect.objectContaining({ [key]: { name: "alerts-web", key: "value" } })] },
    ]);
  });

  test("without a secret store the Secret is made by hand", () => {
    const stack = synth(
      platformOf((d) => (d.teams.web.alerts = slack)),
      "local-platform",
    );
    expect(resourcesOf(stack, "team-alerts-web").map(({ kind }) => kind)).toEqual([
      "AlertmanagerConfig",
      "AlertmanagerConfig",
    ]);
  });

  test("mail is sent as alerts.smtp says, with the password from the store", () => {
    const stack = synth(
      platformOf((d: Draft) => {
        const login = { username: "u", secret: "smtp" };
        d.alerts = { ...slack, smtp: { host: "smtp.acme.example:587", from: "alerts@acme.example", login } };
        d.teams.web.alerts = { receiver: { email: { to: "web@acme.example" } } };
      }),
      "aws-platform",
    );
    expect(namesOf(stack, "alerts")).toEqual(["platform-alerts", "platform-smtp", "platform"]);
    expect(resourcesOf(stack, "team-alerts-web")[0]?.spec["receivers"]).toEqual([
      {
        name: "receiver",
        emailConfigs: [
          {
            to: "web@acme.example",
            from: "alerts@acme.example",
            smarthost: "smtp.acme.example:587",
            requireTLS: true,
            authUsername: "u",
            authPassword: { name: "platform-smtp", key: "value" },
            sendResolved: true,
          },
        ],
      },
    ]);
  });
});

describe("dashboards", () => {
  const folder = join(__dirname, "..", "..", "dashboards");
  const files = readdirSync(folder);
  interface Panel {
    readonly id: number;
    readonly title: string;
    readonly datasource: { readonly uid: string };
    readonly targets: readonly { readonly expr: string }[];
  }
  const read = (file: string) =>
    JSON.parse(readFileSync(join(folder, file), "utf8")) as {
      uid: string;
      title: string;
      panels: Panel[];
      templating: { list: { name: string; type: string; query: string }[] };
    };
  const recorded = JSON.stringify(readRules())
    .match(/"record":"[^"]+"/g)
    ?.map((text) => text.slice(10, -1));
  /** Metrics of others that the panels show. */
  const OTHERS = [
    "ALERTS", // Prometheus
    "up",
    "barman_cloud_cloudnative_pg_io_first_recoverability_point", // CloudNativePG and its backup plugin
    "barman_cloud_cloudnative_pg_io_last_available_backup_timestamp",
    "certmanager_certificate_expiration_timestamp_seconds", // cert-manager
    "cnpg_backends_total",
    "cnpg_collector_up",
    "cnpg_pg_database_size_bytes",
    "cnpg_pg_replication_lag",
    "cnpg_pg_stat_archiver_failed_count",
    "container_memory_working_set_bytes", // kubelet
    "kube_node_status_allocatable", // kube-state-metrics
    "kube_pod_container_status_restarts_total",
    "kube_pod_status_phase",
    "namespace_cpu:kube_pod_container_resource_requests:sum", // recorded by kube-prometheus-stack
    "namespace_memory:kube_pod_container_resource_requests:sum",
    "node_namespace_pod_container:container_cpu_usage_seconds_total:sum_rate5m",
  ];

  function readRules(): unknown {
    return ["platform", "teams", "environments"].map((name) => readValues(`monitoring/rules/${name}`));
  }

  test("each has an id, a title and panels of its own", () => {
    const all = files.map(read);
    for (const key of ["uid", "title"] as const) expect(new Set(all.map((one) => one[key])).size).toBe(files.length);
    for (const { panels } of all) expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });

  test.each(files)("%s reads from the data source that its reader chooses", (file) => {
    const { panels, templating } = read(file);
    expect(templating.list[0]).toMatchObject({ name: "datasource", type: "datasource", query: "prometheus" });
    for (const { datasource } of panels) expect(datasource.uid).toBe("${datasource}");
  });

  test.each(files)("%s shows metrics that there are", (file) => {
    const metrics = read(file).panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => metricsIn(expr)));
    const known = [...(recorded ?? []), ...OTHERS];
    expect([...new Set(metrics)].filter((metric) => !known.includes(metric))).toEqual([]);
  });

  test("no metric stands in the list for nothing", () => {
    const shown = files.flatMap((file) =>
      read(file).panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => metricsIn(expr))),
    );
    expect(OTHERS.filter((metric) => !shown.includes(metric))).toEqual([]);
  });

  test.each(KINDS)("%s: Grafana finds them, and their variables arrive as they are written", (kind) => {
    const found = resourcesOf(stacks[kind], "dashboards") as unknown as {
      metadata: { labels: Record<string, string> };
      data: Record<string, string>;
    }[];
    expect(found.flatMap(({ data }) => Object.keys(data))).toEqual([...files].sort());
    for (const { metadata } of found) expect(metadata.labels).toEqual({ grafana_dashboard: "1" });
    // Terraform reads "$${" as the text "${".
    expect(JSON.stringify(release(stacks[kind], "dashboards").attributes["values"])).toContain("$${datasource}");
  });
});

/** Names in a query that are not functions, keywords, labels or text. */
function metricsIn(expr: string): readonly string[] {
  const bare = expr
    .replace(/\{[^}]*\}/g, "")
    .replace(/\[[^\]]*\]/g, "")
    .replace(/\b(by|on|group_left|without)\s*\([^)]*\)/g, "");
  return [...bare.matchAll(/[a-zA-Z_][\w:]*(?!\w|\s*\()/g)].map(([name]) => name).filter((name) => name !== "or");
}
