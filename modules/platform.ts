import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { ComponentName } from "../config/components";
import { costTool } from "../config/cost-tool";
import type { Layer } from "../config/layers";
import type { Platform } from "../config/platform";
import { AdmissionPolicies } from "./admission-policies";
import { ArgoCd } from "./argo-cd";
import { BarmanCloud } from "./barman-cloud";
import { CertManager } from "./cert-manager";
import { CloudNativePg } from "./cloudnative-pg";
import { NO_IDENTITY, type PlatformCluster } from "./cluster";
import { componentNamespace, isInstalled, type ComponentProps } from "./component";
import { CostReport } from "./cost-report";
import { EnvironmentQuota } from "./environment-quota";
import { EnvoyGateway, ROUTES_LABEL } from "./envoy-gateway";
import { ExternalDns } from "./external-dns";
import { ExternalSecrets, SECRETS_LABEL } from "./external-secrets";
import { Gitea } from "./gitea/gitea";
import { Keycloak, type Client } from "./keycloak/keycloak";
import { KubePrometheusStack } from "./kube-prometheus-stack";
import { Kubecost } from "./kubecost";
import { PlatformAlerts } from "./monitoring/alerts";
import { Dashboards } from "./monitoring/dashboards";
import { Monitors } from "./monitoring/monitors";
import { MONITORING_NAMESPACE } from "./monitoring/namespace";
import { Rules } from "./monitoring/rules";
import { NvidiaDevicePlugin } from "./nvidia-device-plugin";
import { OpenCost } from "./opencost";
import { PlatformNamespace } from "./platform-namespace";
import { Priority } from "./priority";
import { ProtectedRoutes } from "./protected-routes";
import { PrometheusOperatorCrds } from "./prometheus-operator-crds";
import type { SignIn } from "./sign-in";
import { Team, type TeamProps } from "./team";
import { VirtualCluster } from "./virtual-cluster";
import { VolumeSnapshots } from "./volume-snapshots";

export interface InstallPlatformProps {
  readonly platform: Platform;
  readonly cluster: PlatformCluster;
  /** Which part: `platform` is components and environments, `teams` what follows from the teams' entries. */
  readonly layers: readonly Layer[];
}

/** Everything above a cluster that all clouds share, in the order in which it comes up; it goes down in the reverse one. */
export function installPlatform(scope: Construct, { platform, cluster, layers }: InstallPlatformProps): void {
  const priority = layers.includes("platform")
    ? new Priority(scope, "priority", { dependsOn: cluster.ready })
    : undefined;
  const components = layers.includes("platform")
    ? installComponents(new Construct(scope, "components"), { platform, cluster, priority })
    : undefined;
  const policies = layers.includes("platform")
    ? new AdmissionPolicies(scope, "admission-policies", { dependsOn: cluster.ready })
    : undefined;
  // What teams and environments made with an operator's custom resources must be gone before the operator is.
  const props = { platform, cluster, priority, dependsOn: [...(components?.operators ?? []), ...ready(policies)] };
  const environments = layers.includes("platform")
    ? installEnvironments(new Construct(scope, "environments"), props)
    : [];
  const namespaces = environments.map(({ namespace }) => namespace.resource);
  if (components) installVolumeSnapshots(scope, props, components.gitea, namespaces);
  if (layers.includes("teams")) {
    const quotas = new Construct(scope, "environment-quotas");
    const teams = installTeams(scope, {
      ...props,
      environments: environments.flatMap(ready),
      alerting: components?.alerting ?? [],
    });
    // After the teams: a quota that shrinks because one has left would leave no room for the Job that takes its things away.
    installEnvironmentQuotas(quotas, { ...props, dependsOn: [...namespaces, ...teams.flatMap(ready)] });
  }
}

interface Installed {
  /** What others' custom resources need: certificates, secrets, routes, records, databases. */
  readonly operators: readonly ITerraformDependable[];
  /** What routes of alerts need. */
  readonly alerting: readonly ITerraformDependable[];
  readonly gitea: Gitea | undefined;
}

function installComponents(scope: Construct, props: ComponentProps): Installed {
  const { cluster } = props;
  const on = (name: ComponentName): boolean => isInstalled(name, props);

  const certManager = on("cert-manager") ? new CertManager(scope, "cert-manager", props) : undefined;
  const gateway = on("envoy-gateway")
    ? new EnvoyGateway(scope, "envoy-gateway", {
        ...props,
        certificateIdentity: certManager?.identity ?? NO_IDENTITY,
        dependsOn: ready(certManager),
      })
    : undefined;
  const secrets = on("external-secrets") ? new ExternalSecrets(scope, "external-secrets", props) : undefined;
  const postgres = on("cloudnative-pg") ? new CloudNativePg(scope, "cloudnative-pg", props) : undefined;
  const backups =
    on("barman-cloud") && postgres
      ? new BarmanCloud(scope, "barman-cloud", {
          ...props,
          namespace: postgres.namespace,
          dependsOn: [...ready(certManager), ...postgres.ready],
        })
      : undefined;
  // Before the routes, so that at destroy it is still there to take their records away.
  const dns =
    on("external-dns") && cluster.dns.records
      ? new ExternalDns(scope, "external-dns", { ...props, dependsOn: ready(gateway), records: cluster.dns.records })
      : undefined;
  const routed = { ...props, dependsOn: [...ready(gateway), ...ready(dns), ...ready(secrets)] };
  const routedWithDatabase = { ...props, dependsOn: [...routed.dependsOn, ...ready(postgres), ...ready(backups)] };
  const keycloak = on("keycloak")
    ? new Keycloak(scope, "keycloak", { ...routedWithDatabase, clients: signInClients(props) })
    : undefined;
  const signIn = keycloak?.signIn;

  const prometheus = on("prometheus-operator-crds")
    ? installMonitoring(new Construct(scope, "monitoring"), { ...routed, signIn }, on("kube-prometheus-stack"))
    : undefined;
  const gitea = on("gitea") ? new Gitea(scope, "gitea", { ...routedWithDatabase, signIn }) : undefined;
  const argoCd = on("argo-cd") ? new ArgoCd(scope, "argo-cd", { ...routed, signIn }) : undefined;
  installCostTool(scope, { ...routed, dependsOn: [...routed.dependsOn, ...ready(prometheus)], signIn });
  if (on("nvidia-device-plugin")) new NvidiaDevicePlugin(scope, "nvidia-device-plugin", props);
  const alerting = [...ready(prometheus), ...ready(secrets)];
  if (prometheus)
    installWatching(new Construct(scope, "watching"), { ...props, dependsOn: [...alerting, ...ready(gitea)] });
  const operators = [...ready(certManager), ...routedWithDatabase.dependsOn, ...ready(keycloak), ...ready(argoCd)];
  return { operators, alerting, gitea };
}

/** Components with a sign-in, and those that the Gateway puts one in front of. */
function signInClients({ platform, cluster }: ComponentProps): readonly Client[] {
  const { components } = platform;
  const tool = costTool(platform, cluster);
  const clients: readonly (Client & { readonly component: ComponentName })[] = [
    { component: "argo-cd", name: "argocd", namespaces: [ArgoCd.NAMESPACE] },
    { component: "gitea", name: "gitea", namespaces: [Gitea.CLAIM.namespace] },
    { component: "kube-prometheus-stack", name: "grafana", namespaces: [MONITORING_NAMESPACE] },
    {
      component: "kube-prometheus-stack",
      name: "gateway",
      namespaces: [MONITORING_NAMESPACE],
      hosts: ["prometheus", "alertmanager"],
    },
    ...(tool ? [{ component: tool, name: "gateway", namespaces: [tool], hosts: [tool] } as const] : []),
  ];
  return merged(clients.filter(({ component }) => components[component].enabled));
}

/** One entry for each client, with the namespaces and hosts of all that name it. */
function merged(clients: readonly Client[]): readonly Client[] {
  return [...new Set(clients.map(({ name }) => name))].map((name) => {
    const same = clients.filter((client) => client.name === name);
    return {
      name,
      namespaces: same.flatMap(({ namespaces }) => namespaces),
      hosts: same.flatMap(({ hosts = [] }) => hosts),
    };
  });
}

/** One of the two, and the weekly report that asks it. OpenCost stands on Prometheus where that is there; Kubecost on nothing. */
function installCostTool(scope: Construct, props: SignedInProps): void {
  const { platform, cluster, signIn } = props;
  const tool = costTool(platform, cluster);
  if (!tool) return;
  const installed =
    tool === "kubecost"
      ? new Kubecost(scope, tool, { ...props, dependsOn: [] })
      : new OpenCost(scope, tool, { ...props, prometheus: isInstalled("kube-prometheus-stack", props) });
  new CostReport(scope, "cost-report", { platform, namespace: installed.namespace, api: installed.api });
  if (signIn)
    new ProtectedRoutes(scope, `${tool}-route`, {
      name: `${tool}-route`,
      namespace: installed.namespace.name,
      domain: cluster.dns.domain,
      routes: [{ name: tool, service: installed.service }],
      signIn,
      dependsOn: [...installed.ready, ...(props.dependsOn ?? [])],
    });
}

/** Returns Prometheus where it is on, and not only its definitions. */
function installMonitoring(scope: Construct, props: SignedInProps, stack: boolean): KubePrometheusStack | undefined {
  // node-exporter reads the host's processes and network.
  const namespace = componentNamespace(scope, props, MONITORING_NAMESPACE, {
    podSecurity: "privileged",
    labels: { ...ROUTES_LABEL, ...SECRETS_LABEL }, // receivers of alerts read theirs from the secret store
  });
  const crds = new PrometheusOperatorCrds(scope, "prometheus-operator-crds", { ...props, dependsOn: [], namespace });
  if (!stack) return undefined;
  return new KubePrometheusStack(scope, "kube-prometheus-stack", {
    ...props,
    dependsOn: [...crds.ready, ...(props.dependsOn ?? [])],
    namespace,
  });
}

/** What Prometheus asks, what it tells and whom, and what Grafana shows: objects of our own beside its chart. */
function installWatching(
  scope: Construct,
  props: ComponentProps & { readonly dependsOn: readonly ITerraformDependable[] },
): void {
  new Monitors(scope, "monitors", props);
  new Rules(scope, "rules", props);
  new Dashboards(scope, "dashboards", props);
  const { alerts } = props.platform;
  if (alerts) new PlatformAlerts(scope, "alerts", { ...props, alerts });
}

function installEnvironments(scope: Construct, props: ComponentProps): readonly VirtualCluster[] {
  return props.platform.environments.map(
    (environment) => new VirtualCluster(scope, environment.name, { ...props, environment }),
  );
}

/** Of what no component backs up by itself. */
function installVolumeSnapshots(
  scope: Construct,
  { platform, cluster }: ComponentProps,
  gitea: Gitea | undefined,
  environments: readonly ITerraformDependable[],
): void {
  const { snapshotClass } = cluster;
  const claims = [
    ...(gitea ? [Gitea.CLAIM] : []),
    ...platform.environments.map((environment) => VirtualCluster.keptClaim(environment)),
  ];
  if (snapshotClass === undefined || claims.length === 0) return;
  const dependsOn = [...(gitea ? [gitea.namespace.resource] : []), ...environments];
  new VolumeSnapshots(scope, "volume-snapshots", { platform, cluster, snapshotClass, claims, dependsOn });
}

function installEnvironmentQuotas(scope: Construct, props: ComponentProps): void {
  for (const environment of props.platform.environments)
    new EnvironmentQuota(scope, environment.name, { ...props, environment });
}

function installTeams(
  scope: Construct,
  props: ComponentProps & Pick<TeamProps, "alerting" | "environments">,
): readonly Team[] {
  const { platform, cluster } = props;
  const releases = new PlatformNamespace(scope, "team-releases", {
    name: "stackyard-teams",
    platform,
    podSecurity: "restricted",
    dependsOn: [...cluster.ready, ...(props.dependsOn ?? [])],
  });
  const teams = new Construct(scope, "teams");
  return platform.teams.map(
    (team) => new Team(teams, team.name, { ...props, team, releases, pools: cluster.addNodePools([team]) }),
  );
}

/** A component that people sign in to. */
interface SignedInProps extends ComponentProps {
  readonly signIn: SignIn | undefined;
}

const ready = (
  component: { readonly ready: readonly ITerraformDependable[] } | undefined,
): readonly ITerraformDependable[] => component?.ready ?? [];
