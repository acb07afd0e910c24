import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Alerts } from "../../config/alerts";
import type { Team } from "../../config/platform";
import type { ComponentProps } from "../component";
import { Resources } from "../helm/resources";
import { alertmanagerConfig, receiverSecrets, smtpSecrets, type Matcher } from "./alertmanager-config";
import { MONITORING_NAMESPACE } from "./namespace";

export interface PlatformAlertsProps extends ComponentProps {
  readonly alerts: Alerts;
}

/** Who is told of the platform: the root of Alertmanager's routes. */
export class PlatformAlerts extends Construct {
  /** Name of the AlertmanagerConfig. */
  static readonly NAME = "platform";

  constructor(scope: Construct, id: string, props: PlatformAlertsProps) {
    super(scope, id);
    const { receiver, smtp } = props.alerts;
    const secret = "platform-alerts";
    const config = alertmanagerConfig({
      name: PlatformAlerts.NAME,
      receiver,
      secret,
      smtp,
      // Watchdog fires always, to show that alerting works; what is only worth knowing is seen in Grafana.
      silent: [[equal("alertname", "Watchdog")], [{ name: "severity", matchType: "=~", value: "info|none" }]],
      inhibitRules: [
        {
          sourceMatch: [equal("severity", "critical")],
          targetMatch: [equal("severity", "warning")],
          equal: ["namespace", "alertname"],
        },
      ],
    });
    const secrets = hasStore(props) ? [...receiverSecrets(receiver, secret), ...smtpSecrets(smtp)] : [];
    new Resources(this, "resources", {
      name: "alerts",
      namespace: MONITORING_NAMESPACE,
      resources: [...secrets, config],
      dependsOn: props.dependsOn ?? [],
    });
  }
}

export interface TeamAlertsProps extends Omit<ComponentProps, "dependsOn"> {
  readonly team: Team & { readonly alerts: NonNullable<Team["alerts"]> };
  readonly dependsOn: readonly ITerraformDependable[];
}

/** Who is told of one team: two routes, for alerts that name the team, and for those that only name one of its namespaces. */
export class TeamAlerts extends Construct {
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: TeamAlertsProps) {
    super(scope, id);
    const { team, platform } = props;
    const { receiver } = team.alerts;
    const secret = `alerts-${team.name}`;
    const route = (name: string, matchers: readonly Matcher[]) =>
      alertmanagerConfig({ name, receiver, secret, smtp: platform.alerts?.smtp, matchers });
    const namespaces = team.namespaces.map(({ name }) => name).join("|");
    const resources = new Resources(this, "resources", {
      name: `team-alerts-${team.name}`,
      namespace: MONITORING_NAMESPACE,
      resources: [
        ...(hasStore(props) ? receiverSecrets(receiver, secret) : []),
        route(`team-${team.name}`, [equal("team", team.name)]),
        // The chart's own alerts know namespaces, not teams. With a team they are the first route's.
        // No team's name has "--": another's first route cannot be called so.
        route(`team-${team.name}--namespaces`, [
          equal("team", ""),
          { name: "namespace", matchType: "=~", value: namespaces },
        ]),
      ],
      dependsOn: props.dependsOn,
    });
    this.ready = resources.ready;
  }
}

const equal = (name: string, value: string): Matcher => ({ name, matchType: "=", value });

/** Elsewhere the Secrets are made by hand. */
const hasStore = ({ platform, cluster }: Pick<ComponentProps, "platform" | "cluster">): boolean =>
  cluster.secrets !== undefined && platform.components["external-secrets"].enabled;
