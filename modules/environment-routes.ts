import { readFileSync } from "node:fs";
import { join } from "node:path";
import { TEAM_LABEL } from "../config/names";
import { isInstalled, type ComponentProps } from "./component";
import { EnvoyGateway } from "./envoy-gateway";
import type { HelmValues } from "./helm/values";

/**
 * Values of the vcluster chart by which teams publish what they run inside, with the same routes as on the host: the Gateway is mirrored
 * under its name, and HTTPRoutes of teams' namespaces go to the host. Which host name is whose, the policy `team-routes` says inside; here
 * stands that they are of the listener `apps`. https://www.vcluster.com/docs/vcluster/configure/vcluster-yaml/sync/to-host/gateway-api
 */
export function routeValues(props: Pick<ComponentProps, "platform" | "cluster">): HelmValues {
  // The syncer stops where the host does not know a kind that it is to read.
  if (!isInstalled("envoy-gateway", props)) return { sync: { fromHost: { gatewayClasses: { enabled: false } } } };
  const { name, namespace } = EnvoyGateway.PARENT;
  return {
    sync: {
      toHost: { gatewayApi: { httpRoutes: { enabled: true } } },
      fromHost: {
        gateways: {
          enabled: true,
          mappings: { byName: { [`${namespace}/${name}`]: `${namespace}/${name}` } },
          allowedRoutes: {
            overrides: [
              {
                hostNamespace: namespace,
                name,
                virtualNamespacePolicy: {
                  from: "Selector",
                  selector: { matchExpressions: [{ key: TEAM_LABEL, operator: "Exists" }] },
                },
                allowedHostnames: [`*.apps.${props.cluster.dns.domain}`],
              },
            ],
          },
        },
      },
    },
  };
}

/** Rights of teams on routes, as on the host; none where nothing is published. */
export const routeRoles = (props: Pick<ComponentProps, "platform" | "cluster">): readonly string[] =>
  isInstalled("envoy-gateway", props)
    ? [readFileSync(join(__dirname, "..", "charts", "gateway", "templates", "cluster-role.yaml"), "utf8")]
    : [];
