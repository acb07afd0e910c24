/** The config section of a cluster that is there already, for a trial: any context of a kubeconfig file. */
import { z } from "zod";
import { PROFILES, type Profile } from "../profiles";
import { nonEmpty, object, oneOf } from "../zod";
import { domain, vaultStore, type VaultStoreInput } from "./common";

export interface LocalClusterInput<Group extends string = string> {
  readonly kind: "local";
  /** DNS domain of the components; it should resolve to the cluster's gateway. @example "127.0.0.1.nip.io" */
  readonly domain: string;
  /** Context in the kubeconfig file. @example "kind-platform" */
  readonly context: string;
  /** @default "~/.kube/config" */
  readonly kubeconfig?: string;
  /**
   * Sizes, replicas and safety of the platform's components: `small` is one replica of each and fits a laptop, `production` survives the
   * loss of a node. The values are in charts-values/<profile>/.
   * @default "small"
   */
  readonly profile?: Profile;
  /** StorageClass of all volumes; it must exist. @default "standard" */
  readonly storageClass?: string;
  /** Where `stackyard kubeconfig store` puts the ways to reach its environments, which hold no secret. @default - nowhere */
  readonly kubeconfigStore?: VaultStoreInput;
  /** Groups with full rights on the cluster. @default - none: whoever owns the context has them anyway */
  readonly access?: { readonly admins?: readonly Group[] };
}

/** `local({ … })` in the config. */
export function local<const Group extends string = never>(
  input: Omit<LocalClusterInput<Group>, "kind">,
): LocalClusterInput<Group> {
  return { kind: "local", ...input };
}

export type LocalCluster = z.output<typeof localSchema> & { readonly name: string };

export const localSchema = object({
  kind: z.literal("local"),
  domain,
  context: nonEmpty,
  kubeconfig: nonEmpty.default("~/.kube/config"),
  profile: oneOf(PROFILES).default("small"),
  storageClass: nonEmpty.default("standard"),
  kubeconfigStore: vaultStore.optional(),
  access: object({ admins: z.array(nonEmpty).default([]) }).prefault({}),
});
