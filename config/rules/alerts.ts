/** Receivers of alerts that could never be told anything. */
import { receiverSecret, type Receiver } from "../alerts";
import type { Platform } from "../platform";
import type { Finding, Rule } from "./rule";
import { unused } from "./unused";

type Checked = Omit<Platform, "warnings">;

/** https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates#vault-name-and-object-name */
const KEY_VAULT_NAME = /^[0-9A-Za-z-]{1,127}$/;

export const ALERT_RULES: readonly Rule[] = [
  {
    id: "alerts-unwatched",
    severity: "error",
    check: (platform, source) => {
      if (platform.components["kube-prometheus-stack"].enabled) return [];
      const why = "components.kube-prometheus-stack is off";
      return [
        ...(platform.alerts ? [{ path: "alerts", message: `does nothing, because ${why}; take it out` }] : []),
        ...platform.teams.flatMap(({ name }) => unused(source, `teams.${name}`, ["alerts"], why)),
      ];
    },
  },
  {
    id: "alerts-smtp",
    severity: "error",
    check: (platform, source) => {
      const mailed = receivers(platform).filter(({ receiver }) => receiver.email);
      if (!platform.alerts?.smtp)
        return mailed.map(({ path }) => ({
          path: `${path}.email`,
          message: "cannot be sent: alerts.smtp is missing; add it, or take another receiver",
        }));
      return mailed.length > 0 ? [] : unused(source, "alerts", ["smtp"], "no receiver is an e-mail address");
    },
  },
  {
    id: "alerts-secret-name",
    severity: "error",
    check: (platform) => {
      const vault = platform.clusters.find(({ kind }) => kind === "azure");
      if (!vault) return [];
      return secrets(platform)
        .filter(({ secret }) => !KEY_VAULT_NAME.test(secret))
        .map(({ path, secret }) => ({
          path,
          message: `"${secret}" is not a name that the Key Vault of ${vault.name} takes: 1 to 127 letters, digits and hyphens; rename it`,
        }));
    },
  },
];

function receivers(platform: Checked): { path: string; receiver: Receiver }[] {
  return [
    ...(platform.alerts ? [{ path: "alerts.receiver", receiver: platform.alerts.receiver }] : []),
    ...platform.teams.flatMap(({ name, alerts }) =>
      alerts ? [{ path: `teams.${name}.alerts.receiver`, receiver: alerts.receiver }] : [],
    ),
  ];
}

function secrets(platform: Checked): (Pick<Finding, "path"> & { secret: string })[] {
  const login = platform.alerts?.smtp?.login;
  return [
    ...receivers(platform).flatMap(({ path, receiver }) => {
      const secret = receiverSecret(receiver);
      const kind = Object.keys(receiver)[0];
      return secret === undefined ? [] : [{ path: `${path}.${kind}.secret`, secret }];
    }),
    ...(login ? [{ path: "alerts.smtp.login.secret", secret: login.secret }] : []),
  ];
}
