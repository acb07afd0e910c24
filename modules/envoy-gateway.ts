import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { ENVIRONMENT_LABEL, LABEL_PREFIX } from "../config/names";
import { mirrored } from "../config/registries";
import { API_SERVERS, hasSignIn } from "../config/sign-in";
import type { WorkloadIdentity } from "./cluster";
import { componentNamespace, componentRelease, type ComponentProps } from "./component";
import { HelmRelease } from "./helm/helm-release";
import type { KubernetesObject } from "./helm/resources";
import { layerValues, readProfileValues } from "./helm/values";
import { secretCopy, sharedSecrets, type SecretCopyProps } from "./secrets/shared-secret";

/** Namespaces with this label may attach routes for `<name>.<domain>`. */
export const ROUTES_LABEL = { [`${LABEL_PREFIX}/routes`]: "platform" };

/** Namespaces with this label may attach routes for `<name>.apps.<domain>`: teams', and environments' for what comes from within. */
export const APPS_LABEL = { [`${LABEL_PREFIX}/routes`]: "apps" };

/** Of the proxies; the controller knows the tag. */
const PROXY = "docker.io/envoyproxy/envoy";

export interface EnvoyGatewayProps extends ComponentProps {
  /** Identity with which cert-manager answers challenges for the gateway's certificate. */
  readonly certificateIdentity: WorkloadIdentity;
}

/** Envoy Gateway with the Gateway API's CRDs, and the cluster's one Gateway: HTTPS for the domain, HTTP only to redirect. */
export class EnvoyGateway extends Construct {
  static readonly NAMESPACE = "envoy-gateway-system";
  /** For `parentRefs` of routes. */
  static readonly PARENT = { name: "platform", namespace: EnvoyGateway.NAMESPACE, sectionName: "https" };
  /** The same for TLSRoutes of environments: TLS ends at their API servers. */
  static readonly API_SERVERS = { ...EnvoyGateway.PARENT, sectionName: "api-servers" };

  /** The Gateway is there: routes may attach. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: EnvoyGatewayProps) {
    super(scope, id);
    const { cluster, platform } = props;
    const namespace = componentNamespace(this, props, EnvoyGateway.NAMESPACE);
    const controller = componentRelease(this, { ...props, component: "envoy-gateway", namespace });
    const gateway = new HelmRelease(this, "gateway", {
      chart: "gateway",
      name: "gateway",
      namespace: namespace.name,
      values: layerValues(readProfileValues("gateways/platform", cluster.profile), {
        domain: cluster.dns.domain,
        // Without an issuer the chart makes an authority of its own.
        issuer: cluster.dns.issuer?.(platform.contact, props.certificateIdentity) ?? null,
        serviceAnnotations: cluster.loadBalancerAnnotations,
        routesLabel: ROUTES_LABEL,
        appsLabel: APPS_LABEL,
        ...(hasSignIn(platform) &&
          platform.environments.length > 0 && {
            apiServers: { host: `*.${API_SERVERS}.${cluster.dns.domain}`, namespaceLabel: ENVIRONMENT_LABEL },
          }),
        proxyRepository: mirrored(PROXY, platform.registries),
      }),
      dependsOn: [controller.resource, ...(props.dependsOn ?? [])],
    });
    this.ready = [gateway.resource];
  }
}

/** Where charts/gateway keeps the certificate of the cluster's own authority. */
const AUTHORITY = { namespace: EnvoyGateway.NAMESPACE, secret: "platform-authority" };

/** The certificate of the cluster's own authority, without its key, where a client is to trust it: `ca.crt`. */
export function authorityCopy(
  // Several releases share this Secret, each by a store of its own.
  { store, ...props }: Omit<SecretCopyProps, "from" | "data"> & { readonly namespace: string; readonly store?: string },
): readonly KubernetesObject[] {
  const from = { ...AUTHORITY, ...(store !== undefined && { store }) };
  return [
    ...sharedSecrets({ ...from, secrets: [from.secret], to: [props.namespace] }),
    secretCopy({ ...props, from, data: { "ca.crt": '{{ index . "ca.crt" }}' } }),
  ];
}
