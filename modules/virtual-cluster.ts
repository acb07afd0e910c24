import { PodDisruptionBudgetV1 } from "@cdktf/provider-kubernetes/lib/pod-disruption-budget-v1";
import { TerraformResource, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { stringify } from "yaml";
import { CONTROL_PLANES, virtualClusterServer } from "../config/environments";
import { PROTECTED_MARK, sharedLabels } from "../config/names";
import type { Environment } from "../config/platform";
import { formatCpu, formatMemory } from "../config/quantities";
import { admissionPolicies } from "./admission-policies";
import { accessValues, administratorObjects, ApiServerAuthority, signInArguments } from "./api-server-access";
import { ArgoCdCluster } from "./argo-cd-cluster";
import { componentNamespace, isInstalled, type ComponentProps } from "./component";
import { DeletionGuard, isProtectedEnvironment } from "./deletion-guard";
import { environmentComponents } from "./environment-components";
import { routeRoles, routeValues } from "./environment-routes";
import { APPS_LABEL } from "./envoy-gateway";
import { EtcdSnapshots } from "./etcd-snapshots";
import { CHARTS } from "./helm/charts";
import { HelmRelease } from "./helm/helm-release";
import { layerValues, readProfileValues, type HelmValues } from "./helm/values";
import type { PlatformNamespace } from "./platform-namespace";
import type { KeptClaim } from "./volume-snapshots";

export interface VirtualClusterProps extends ComponentProps {
  readonly environment: Environment;
}

/**
 * An environment: a virtual cluster in a namespace of its own. Nothing of a team is in its values, because the chart hashes them
 * into the pod template: a team's change must never restart the API server. What teams may use is the quota of environment-quota.ts.
 */
export class VirtualCluster extends Construct {
  readonly namespace: PlatformNamespace;
  /** Depend on these before anything goes inside. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: VirtualClusterProps) {
    super(scope, id);
    const { environment, cluster, platform } = props;
    const labels = sharedLabels(environment);
    const isProtected = isProtectedEnvironment(environment, props);
    const namespace = componentNamespace(this, props, environment.namespace, {
      labels: { ...labels, ...APPS_LABEL, ...(isProtected && PROTECTED_MARK) },
    });
    this.namespace = namespace;
    for (const { id, labels: matchLabels } of disruptionBudgets(environment)) {
      new PodDisruptionBudgetV1(this, id, {
        metadata: { name: `${environment.cluster}-${id}`, namespace: namespace.name, labels },
        spec: { maxUnavailable: "1", selector: { matchLabels } },
        dependsOn: [namespace.resource],
      });
    }
    const delivered = isInstalled("argo-cd", props) && isInstalled("external-secrets", props);
    const authority = ApiServerAuthority.isNeeded(props)
      ? new ApiServerAuthority(this, "authority", {
          environment,
          dependsOn: [namespace.resource, ...(props.dependsOn ?? [])],
        })
      : undefined;
    const release = new HelmRelease(this, "chart", {
      chart: CHARTS.vcluster,
      name: environment.cluster,
      namespace: namespace.name,
      values: layerValues(
        readProfileValues(`vcluster/${environment.preset}`, cluster.profile),
        controlPlaneValues(environment, cluster.storageClass),
        routeValues(props),
        apiServerArguments([ADMISSION_PLUGINS, ...signInArguments(props)]),
        manifestValues([
          ...routeRoles(props),
          ...[
            ...admissionPolicies(),
            ...(delivered ? ArgoCdCluster.manifests() : []),
            ...administratorObjects(props),
          ].map((one) => stringify(one)),
        ]),
        delivered ? ArgoCdCluster.values(environment) : {},
        environmentComponents(environment, platform.registries),
        accessValues(props),
      ),
      overrides: environment.values,
      dependsOn: [namespace.resource, ...(authority?.ready ?? []), ...(props.dependsOn ?? [])],
      registries: platform.registries,
    });
    this.ready = [release.resource];
    if (delivered) new ArgoCdCluster(this, "argo-cd", { environment, dependsOn: [release.resource] });
    if (hasEtcd(environment))
      new EtcdSnapshots(this, "etcd-snapshots", { platform, environment, cluster, dependsOn: [release.resource] });
    new DeletionGuard(this, "deletion-guard", {
      name: "deletion-guard",
      namespace: namespace.name,
      labels,
      isProtected,
      dependsOn: this.node.findAll().filter((construct) => construct instanceof TerraformResource),
    });
  }

  /** The volume that has all that an environment knows: with etcd the one with its snapshots, else its one database. */
  static keptClaim(environment: Environment): KeptClaim {
    const { namespace, cluster } = environment;
    return { namespace, name: hasEtcd(environment) ? EtcdSnapshots.NAME : `data-${cluster}-0` };
  }
}

/**
 * Namespaces say by annotations which nodes their pods run on, and what these may tolerate (team-inside.ts); vCluster adds these flags to
 * its own, none of which they replace. https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/
 */
const ADMISSION_PLUGINS = "--enable-admission-plugins=PodNodeSelector,PodTolerationRestriction";

/**
 * YAML that the control plane applies when it starts, and takes away when it is no longer listed: what belongs to the environment as a
 * whole. Never anything of a team: a change restarts the API server.
 */
const manifestValues = (documents: readonly string[]): HelmValues => ({
  experimental: { deploy: { vcluster: { manifests: documents.join("---\n") } } },
});

/** Flags of the virtual API server; one that vCluster gives as well takes the place of that. */
const apiServerArguments = (extraArgs: readonly string[]): HelmValues => ({
  controlPlane: { distro: { k8s: { apiServer: { extraArgs } } } },
});

const hasEtcd = ({ preset }: Environment): boolean => CONTROL_PLANES[preset].etcd.replicas > 0;

/**
 * What must not be drained away at once. The chart's own budget names no number, so it would let nothing ever be drained, and it
 * leaves etcd out.
 */
function disruptionBudgets(environment: Environment): readonly { id: string; labels: Record<string, string> }[] {
  const { replicas, etcd } = CONTROL_PLANES[environment.preset];
  const of = (id: string, app: string) => ({ id, labels: { app, release: environment.cluster } });
  return [
    ...(replicas > 1 ? [of("api", "vcluster")] : []),
    ...(etcd.replicas > 1 ? [of("etcd", "vcluster-etcd")] : []),
  ];
}

/** Sizes that the environment's quota is computed from, and names. */
function controlPlaneValues(environment: Environment, storageClass: string): HelmValues {
  const { replicas, api, etcd, coreDns } = CONTROL_PLANES[environment.preset];
  const requests = (of: { cpu: number; memory: number }) => ({
    cpu: formatCpu(of.cpu),
    memory: formatMemory(of.memory),
  });
  const volume = (bytes: number) => ({ size: formatMemory(bytes), storageClass });
  return {
    controlPlane: {
      statefulSet: {
        highAvailability: { replicas },
        resources: { requests: requests(api) },
        persistence: { volumeClaim: volume(api.storage) },
      },
      ...(etcd.replicas > 0 && {
        backingStore: {
          etcd: {
            deploy: {
              enabled: true,
              statefulSet: {
                highAvailability: { replicas: etcd.replicas },
                resources: { requests: requests(etcd) },
                persistence: { volumeClaim: volume(etcd.storage) },
              },
            },
          },
        },
      }),
      coredns: { deployment: { replicas: coreDns.replicas, resources: { requests: requests(coreDns) } } },
    },
    // In-cluster address; the API certificate names exactly these: https://www.vcluster.com/docs/vcluster/
    exportKubeConfig: {
      context: environment.cluster,
      server: virtualClusterServer(environment),
    },
  };
}
