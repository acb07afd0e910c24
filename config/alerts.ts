/** Who is told of alerts: the input, its schema, and the shape after parsing. */
import { z } from "zod";
import { nonEmpty, object } from "./zod";

/** Where alerts about the platform go, and how mail is sent. */
export interface AlertsInput {
  /** Gets what is no team's, and what is the team's of one without `alerts`. */
  readonly receiver: ReceiverInput;
  /** How mail is sent, for receivers with `email`. @default - none: no receiver may be an e-mail address */
  readonly smtp?: SmtpInput;
}

export interface TeamAlertsInput {
  /** Gets the alerts about the team's namespaces, quotas and node pools. */
  readonly receiver: ReceiverInput;
}

/**
 * Exactly one of these. `secret` is the name of an entry in the cluster's secret store; where the cluster has none, the Secret is made by
 * hand (docs/components/kube-prometheus-stack.md).
 */
export type ReceiverInput =
  | { readonly slack: SlackInput }
  | { readonly webhook: WebhookInput }
  | { readonly pagerduty: PagerdutyInput }
  | { readonly email: EmailInput };

export interface SlackInput {
  /** @example "#checkout-alerts" */
  readonly channel: string;
  /** Entry with the URL of the incoming webhook. */
  readonly secret: string;
}

export interface WebhookInput {
  /** Entry with the URL, whatever is secret in it included. */
  readonly secret: string;
}

export interface PagerdutyInput {
  /** Entry with the integration key of an Events API v2 service. */
  readonly secret: string;
}

export interface EmailInput {
  /** @example "checkout@example.com" */
  readonly to: string;
}

export interface SmtpInput {
  /** Host and port; TLS is required. @example "smtp.example.com:587" */
  readonly host: string;
  /** Address that mail comes from. */
  readonly from: string;
  /** Who signs in. @default - nobody: the server takes mail without */
  readonly login?: { readonly username: string; readonly secret: string };
}

const email = z.email("must be an e-mail address");
const ONE = "must be exactly one of slack, webhook, pagerduty and email";

export const receiverSchema = object({
  slack: object({
    channel: z.string().regex(/^[#@]\S+$/, 'must be a channel, such as "#alerts", or a person, such as "@kim"'),
    secret: nonEmpty,
  }).optional(),
  webhook: object({ secret: nonEmpty }).optional(),
  pagerduty: object({ secret: nonEmpty }).optional(),
  email: object({ to: email }).optional(),
}).refine((receiver) => Object.values(receiver).filter(Boolean).length === 1, { error: ONE });

export const alertsSchema = object({
  receiver: receiverSchema,
  smtp: object({
    host: z.string().regex(/^[a-z0-9.-]+:\d{1,5}$/i, 'must be a host and a port, such as "smtp.example.com:587"'),
    from: email,
    login: object({ username: nonEmpty, secret: nonEmpty }).optional(),
  }).optional(),
});

export const teamAlertsSchema = object({ receiver: receiverSchema });

export type Receiver = Readonly<z.output<typeof receiverSchema>>;
export type Alerts = Readonly<z.output<typeof alertsSchema>>;
export type TeamAlerts = Readonly<z.output<typeof teamAlertsSchema>>;

/** Name of the entry in the secret store that a receiver needs; none for mail. */
export function receiverSecret({ slack, webhook, pagerduty }: Receiver): string | undefined {
  return (slack ?? webhook ?? pagerduty)?.secret;
}
