import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { ComponentName } from "../config/components";
import type { Layer } from "../config/layers";
import type { Platform } from "../config/platform";
import { ArgoCd } from "./argo-cd";
import { CertManager } from "./cert-manager";
import { CloudNativePg } from "./cloudnative-pg";
import { NO_IDENTITY, type PlatformCluster } from "./cluster";
import { componentNamespace, type ComponentProps } from "./component";
import { EnvironmentQuota } from "./environment-quota";
import { EnvoyGateway, ROUTES_LABEL } from "./envoy-gateway";
import { ExternalDns } from "./external-dns";
import { ExternalSecrets } from "./external-secrets";
import { Gitea } from "./gitea";
import { Keycloak } from "./keycloak";
import { KubePrometheusStack } from "./kube-prometheus-stack";
import { Kubecost } from "./kubecost";
import { NvidiaDevicePlugin } from "./nvidia-device-plugin";
import { PlatformNamespace } from "./platform-namespace";
import { PrometheusOperatorCrds } from "./prometheus-operator-crds";
import { Team } from "./team";
import { VirtualCluster } from "./virtual-cluster";

export interface InstallPlatformProps {
  readonly platform: Platform;
  readonly cluster: PlatformCluster;
  /** Which part: `platform` is components and environments, `teams` what follows from the teams' entries. */
  readonly layers: readonly Layer[];
}

/** Everything above a cluster that all clouds share, in the order in which it comes up; it goes down in the reverse one. */
export function installPlatform(scope: Construct, { platform, cluster, layers }: InstallPlatformProps): void {
  const operators = layers.includes("platform")
    ? installComponents(new Construct(scope, "components"), { platform, cluster })
    : [];
  // What teams and environments made with an operator's custom resources must be gone before the operator is.
  const props = { platform, cluster, dependsOn: operators };
  const environments = layers.includes("platform")
    ? installEnvironments(new Construct(scope, "environments"), props)
    : [];
  if (layers.includes("teams")) {
    installEnvironmentQuotas(new Construct(scope, "environment-quotas"), { ...props, dependsOn: environments });
    installTeams(scope, props);
    cluster.addNodePools(platform.teams);
  }
}

/** Returns what others' custom resources need: certificates, secrets, routes, records, databases. */
function installComponents(scope: Construct, props: ComponentProps): readonly ITerraformDependable[] {
  const { platform, cluster } = props;
  const on = (name: ComponentName): boolean => platform.components[name].enabled;

  const certManager = on("cert-manager") ? new CertManager(scope, "cert-manager", props) : undefined;
  const gateway = on("envoy-gateway")
    ? new EnvoyGateway(scope, "envoy-gateway", {
        ...props,
        certificateIdentity: certManager?.identity ?? NO_IDENTITY,
        dependsOn: ready(certManager),
      })
    : undefined;
  const secrets =
    on("external-secrets") && cluster.secrets
      ? new ExternalSecrets(scope, "external-secrets", { ...props, secrets: cluster.secrets })
      : undefined;
  const postgres = on("cloudnative-pg") ? new CloudNativePg(scope, "cloudnative-pg", props) : undefined;
  // Before the routes, so that at destroy it is still there to take their records away.
  const dns =
    on("external-dns") && cluster.dns.records
      ? new ExternalDns(scope, "external-dns", { ...props, dependsOn: ready(gateway), records: cluster.dns.records })
      : undefined;
  const routed = { ...props, dependsOn: [...ready(gateway), ...ready(dns)] };
  const routedWithDatabase = { ...props, dependsOn: [...routed.dependsOn, ...ready(postgres)] };

  if (on("prometheus-operator-crds"))
    installMonitoring(new Construct(scope, "monitoring"), routed, on("kube-prometheus-stack"));
  if (on("keycloak")) new Keycloak(scope, "keycloak", routedWithDatabase);
  if (on("gitea")) new Gitea(scope, "gitea", routedWithDatabase);
  if (on("argo-cd")) new ArgoCd(scope, "argo-cd", routed);
  if (on("kubecost")) new Kubecost(scope, "kubecost", props);
  if (on("nvidia-device-plugin") && cluster.nodePools.some((pool) => pool.class === "gpu"))
    new NvidiaDevicePlugin(scope, "nvidia-device-plugin", props);
  return [...ready(certManager), ...ready(secrets), ...routedWithDatabase.dependsOn];
}

function installMonitoring(scope: Construct, props: ComponentProps, stack: boolean): void {
  // node-exporter reads the host's processes and network.
  const namespace = componentNamespace(scope, props, "monitoring", { podSecurity: "privileged", labels: ROUTES_LABEL });
  const crds = new PrometheusOperatorCrds(scope, "prometheus-operator-crds", { ...props, dependsOn: [], namespace });
  if (stack)
    new KubePrometheusStack(scope, "kube-prometheus-stack", {
      ...props,
      dependsOn: [...crds.ready, ...(props.dependsOn ?? [])],
      namespace,
    });
}

/** Returns the namespaces on the host. */
function installEnvironments(scope: Construct, props: ComponentProps): readonly ITerraformDependable[] {
  return props.platform.environments.map(
    (environment) => new VirtualCluster(scope, environment.name, { ...props, environment }).namespace.resource,
  );
}

function installEnvironmentQuotas(scope: Construct, props: ComponentProps): void {
  for (const environment of props.platform.environments)
    new EnvironmentQuota(scope, environment.name, { ...props, environment });
}

function installTeams(scope: Construct, props: ComponentProps): void {
  const { platform, cluster } = props;
  const releases = new PlatformNamespace(scope, "team-releases", {
    name: "stackyard-teams",
    platform,
    podSecurity: "restricted",
    dependsOn: [...cluster.ready, ...(props.dependsOn ?? [])],
  });
  const teams = new Construct(scope, "teams");
  for (const team of platform.teams) new Team(teams, team.name, { ...props, team, releases });
}

const ready = (
  component: { readonly ready: readonly ITerraformDependable[] } | undefined,
): readonly ITerraformDependable[] => component?.ready ?? [];
