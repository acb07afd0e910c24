/** Receivers of the config as the Prometheus operator takes them: https://prometheus-operator.dev/docs/api-reference/api/ */
import { receiverSecret, type Alerts, type Receiver } from "../../config/alerts";
import type { KubernetesObject } from "../helm/resources";
import { storedSecret } from "../secrets/stored-secret";

/** The one key of every Secret here. */
const KEY = "value";

/** Secret with the password for sending mail. */
const SMTP_SECRET = "platform-smtp";

export interface AlertmanagerConfigProps {
  readonly name: string;
  readonly receiver: Receiver;
  /** Secret with what the receiver needs. */
  readonly secret: string;
  readonly smtp: Alerts["smtp"];
  /** Which alerts. @default - all */
  readonly matchers?: readonly Matcher[];
  /** Alerts that nobody is told of. @default - none */
  readonly silent?: readonly (readonly Matcher[])[];
  readonly inhibitRules?: readonly object[];
}

export interface Matcher {
  readonly name: string;
  readonly matchType: "=" | "=~";
  readonly value: string;
}

export function alertmanagerConfig(props: AlertmanagerConfigProps): KubernetesObject {
  const { name, matchers, silent = [], inhibitRules } = props;
  return {
    apiVersion: "monitoring.coreos.com/v1alpha1",
    kind: "AlertmanagerConfig",
    metadata: { name },
    spec: {
      route: {
        receiver: "receiver",
        groupBy: ["alertname", "namespace"],
        groupWait: "30s",
        groupInterval: "5m",
        repeatInterval: "12h",
        ...(matchers && { matchers }),
        ...(silent.length > 0 && { routes: silent.map((matchers) => ({ receiver: "nobody", matchers })) }),
      },
      receivers: [{ name: "receiver", ...receiverConfig(props) }, ...(silent.length > 0 ? [{ name: "nobody" }] : [])],
      ...(inhibitRules && { inhibitRules }),
    },
  };
}

function receiverConfig({ receiver, secret, smtp }: AlertmanagerConfigProps): object {
  const sendResolved = true;
  const value = { name: secret, key: KEY };
  if (receiver.slack) return { slackConfigs: [{ channel: receiver.slack.channel, apiURL: value, sendResolved }] };
  if (receiver.webhook) return { webhookConfigs: [{ urlSecret: value, sendResolved }] };
  if (receiver.pagerduty) return { pagerdutyConfigs: [{ routingKey: value, sendResolved }] };
  return {
    emailConfigs: [
      {
        to: receiver.email?.to,
        from: smtp?.from,
        smarthost: smtp?.host,
        requireTLS: true,
        ...(smtp?.login && {
          authUsername: smtp.login.username,
          authPassword: { name: SMTP_SECRET, key: KEY },
        }),
        sendResolved,
      },
    ],
  };
}

/** The Secret `name` with what a receiver needs, from the cluster's secret store; none where it needs nothing secret. */
export function receiverSecrets(receiver: Receiver, name: string): readonly KubernetesObject[] {
  const entry = receiverSecret(receiver);
  return entry === undefined ? [] : [storedSecret({ name, key: KEY, entry })];
}

/** The password for sending mail; none where nobody signs in. */
export function smtpSecrets(smtp: Alerts["smtp"]): readonly KubernetesObject[] {
  return smtp?.login ? [storedSecret({ name: SMTP_SECRET, key: KEY, entry: smtp.login.secret })] : [];
}
