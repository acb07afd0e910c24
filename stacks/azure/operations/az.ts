import type { AzureCluster } from "../../../config/clouds/azure";

/**
 * A command of the Azure CLI as a person can copy it: every value quoted where a shell wants that, and in the cluster's subscription,
 * whichever one `az` has as its default.
 *
 * @param command with its switches, such as `aks delete --yes`
 * @param options by their names without dashes, such as `{ "resource-group": "acme", name: "acme" }`
 */
export function az(
  { subscription }: Pick<AzureCluster, "subscription">,
  command: string,
  options: Readonly<Record<string, string>> = {},
): string {
  const words = Object.entries({ ...options, subscription }).map(([option, value]) => `--${option} ${quoted(value)}`);
  return ["az", command, ...words].join(" ");
}

/** A value as one word of a POSIX shell, which leaves it as it is. */
export const quoted = (value: string): string =>
  /^[\w./:=-]+$/.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`;
