/** What the sections of all clusters share. */
import ipaddr from "ipaddr.js";
import { z } from "zod";
import { object } from "../zod";

/** Minor versions that everything in versions.ts supports; the editor offers these. */
export type KubernetesVersion = "1.34" | "1.35" | "1.36";

export const minorVersion = z
  .string()
  .regex(/^1\.\d{2}$/, 'must be a minor version of Kubernetes as text, such as "1.35"');

/** CPU in millicores and memory in bytes that pods can have. */
export interface Allocatable {
  readonly cpu: number;
  readonly memory: number;
}

/** What a pool can give to all its pods together, at best. */
export interface Offer extends Allocatable {
  /** How many pods its nodes can run, less those that are on every node. */
  readonly pods: number;
  /** Undefined where nobody knows: a machine type that only the config names. */
  readonly gpus: number | undefined;
}

export const domain = z
  .string()
  .regex(
    /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
    'must be a DNS domain in lower case, such as "platform.example.com"',
  )
  .max(200, "must leave room for host names: at most 200 characters");

/** Where `stackyard kubeconfig store` puts what it retrieves. Each cloud adds its own. */
export interface VaultStoreInput {
  /** HashiCorp Vault, at VAULT_ADDR with VAULT_TOKEN: a KV secrets engine, version 2. */
  readonly kind: "vault";
  /** Mount of the engine, and the path in it. @default "secret/kubeconfigs" */
  readonly path?: string;
}

/** What Parameter Store, Key Vault (with hyphens for slashes) and Vault all take, with room for the names of clusters. */
const storePath = z
  .string()
  .regex(
    /^[A-Za-z0-9-]+(\/[A-Za-z0-9-]+)+$/,
    'must be two or more names of letters, digits and hyphens, with slashes between, such as "secret/kubeconfigs"',
  )
  .max(40, "must leave room for names: at most 40 characters")
  .default("secret/kubeconfigs");

/** A store of one kind, with what else that needs. */
export const storeOf = <Kind extends string, Shape extends z.core.$ZodShape>(kind: Kind, shape: Shape) =>
  object({ kind: z.literal(kind), path: storePath, ...shape });

export const vaultStore = storeOf("vault", {});

/** The library also reads octal and shortened forms, which nothing else does. */
const DOTTED = /^((0|[1-9]\d{0,2})\.){3}(0|[1-9]\d{0,2})\/\d{1,2}$/;

/** An IPv4 range in CIDR notation whose prefix length lies within bounds, with no bits set behind it. */
export function addressRange(shortest: number, longest: number) {
  const bounds = shortest === longest ? `/${longest}` : `/${shortest} to /${longest}`;
  return z.string().superRefine((value, context) => {
    if (!DOTTED.test(value) || !ipaddr.IPv4.isValidCIDR(value)) {
      context.addIssue({ code: "custom", message: 'must be an IPv4 range, such as "10.0.0.0/16"' });
      return;
    }
    const [, prefix] = ipaddr.IPv4.parseCIDR(value);
    const network = `${ipaddr.IPv4.networkAddressFromCIDR(value).toString()}/${prefix}`;
    if (network !== value)
      context.addIssue({ code: "custom", message: `has bits behind its prefix; did you mean "${network}"?` });
    if (prefix < shortest || prefix > longest)
      context.addIssue({ code: "custom", message: `must be a range of ${bounds}` });
  });
}
