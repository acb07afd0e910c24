import { Construct } from "constructs";
import { componentNamespace, componentRelease, type ComponentProps } from "./component";
import { EnvoyGateway, ROUTES_LABEL } from "./envoy-gateway";

/** Argo CD at `https://argocd.<domain>`; TLS ends at the gateway. */
export class ArgoCd extends Construct {
  constructor(scope: Construct, id: string, props: ComponentProps) {
    super(scope, id);
    const host = `argocd.${props.cluster.dns.domain}`;
    const namespace = componentNamespace(this, props, "argocd", { labels: ROUTES_LABEL });
    componentRelease(this, {
      ...props,
      component: "argo-cd",
      namespace,
      computed: {
        global: { domain: host },
        server: { httproute: { enabled: true, hostnames: [host], parentRefs: [EnvoyGateway.PARENT] } },
      },
    });
  }
}
