/** What a kubeconfig says of a cluster and its environments: addresses, authorities, and commands that sign in. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { HOST_CONTEXT, ownName } from "../../config/names";
import type { Cluster, Environment, Platform } from "../../config/platform";
import { apiServerHost, hasSignIn, issuerOf, KUBERNETES_CLIENT } from "../../config/sign-in";
import type { ExecCredential, HostAccess, KubeconfigOperations } from "../../stacks/kubeconfig";
import type { Surroundings } from "../../stacks/operations";
import { UsageError } from "../usage-error";
import { writeEntry, type Entry } from "./document";

export interface Target {
  readonly platform: Platform;
  readonly cluster: Cluster;
}

export interface Reach {
  readonly entries: readonly Entry[];
  /** What is not there, and what to do. */
  readonly notes: readonly string[];
}

/** Names of a cluster's contexts without a prefix: the cluster itself, and its environments. */
export function contextNames({ platform }: Target): readonly string[] {
  return [HOST_CONTEXT, ...platform.environments.map(({ name }) => name)];
}

/** Before the names: the cluster's, where the config has several. */
export function defaultPrefix({ platform, cluster }: Target): string {
  return platform.clusters.length > 1 ? `${cluster.name}-` : "";
}

/** Id of the entries of a context. */
export function idOf({ platform, cluster }: Target, name: string): string {
  const own = `stackyard/${ownName(platform, cluster)}`;
  return name === HOST_CONTEXT ? own : `${own}/${name}`;
}

/** Start of the ids of a cluster's environments. */
export const environmentIds = ({ platform, cluster }: Target): string => `stackyard/${ownName(platform, cluster)}/`;

/**
 * Asks the cloud for the cluster, and the cluster for the authorities of its environments.
 *
 * @throws OperationError where the cloud does not say where the cluster is.
 */
export async function reach(
  target: Target,
  prefix: string,
  operations: KubeconfigOperations,
  surroundings: Surroundings,
): Promise<Reach> {
  const host = await operations.host();
  const entry = hostEntry(target, prefix, host);
  const inside = await withKubectl(host, entry, surroundings, (secret) =>
    environments(target, prefix, operations.ownAuthority, secret),
  );
  return { entries: [...(entry ? [entry] : []), ...inside.entries], notes: inside.notes };
}

function hostEntry(target: Target, prefix: string, host: HostAccess): Entry | undefined {
  if (host.kind === "context") return undefined;
  const { server, certificateAuthority, exec } = host;
  return { context: `${prefix}${HOST_CONTEXT}`, id: idOf(target, HOST_CONTEXT), server, certificateAuthority, exec };
}

/** A field of a Secret in base64, or why there is none. */
type ReadSecret = (namespace: string, name: string, field: string) => Promise<Read>;
type Read = { readonly value: string } | { readonly missing: string };

async function environments(target: Target, prefix: string, ownAuthority: boolean, secret: ReadSecret): Promise<Reach> {
  const { platform, cluster } = target;
  if (!hasSignIn(platform))
    return {
      entries: [],
      notes: platform.environments.map(
        ({ name, namespace, cluster: virtual }) =>
          `${name}: nothing is exposed, because nobody could sign in without Keycloak; as an administrator: kubectl -n ${namespace} port-forward service/${virtual} 8443:443, and the kubeconfig in its Secret vc-${virtual}`,
      ),
    };
  const authority = ownAuthority
    ? await secret("envoy-gateway-system", "platform-authority", String.raw`{.data.ca\.crt}`)
    : undefined;
  const notes =
    authority && "missing" in authority
      ? [
          `the cluster's own authority could not be read (${authority.missing}): signing in fails unless this machine trusts it`,
        ]
      : [];
  const exec = signInCommand(cluster, authority && "value" in authority ? authority.value : undefined);
  const all = await Promise.all(
    platform.environments.map((environment) => environmentEntry(target, prefix, environment, exec, secret)),
  );
  return { entries: all.map(({ entry }) => entry), notes: [...notes, ...all.flatMap(({ note }) => note ?? [])] };
}

async function environmentEntry(
  target: Target,
  prefix: string,
  environment: Environment,
  exec: ExecCredential,
  secret: ReadSecret,
): Promise<{ readonly entry: Entry; readonly note?: string }> {
  const { name, namespace, cluster } = environment;
  // Beside it are a certificate with all rights and its key: only this field is asked for.
  const authority = await secret(namespace, `vc-${cluster}`, "{.data.certificate-authority}");
  const entry: Entry = {
    context: `${prefix}${name}`,
    id: idOf(target, name),
    server: `https://${apiServerHost(environment, target.cluster.domain)}`,
    exec,
  };
  return "value" in authority
    ? { entry: { ...entry, certificateAuthority: authority.value } }
    : {
        entry,
        note: `${name}: its authority could not be read (${authority.missing}), and kubectl refuses it without; ${wayToIt(target)}`,
      };
}

/** How somebody without rights on the cluster comes to an environment's authority. */
const wayToIt = ({ cluster: { name, kubeconfigStore } }: Target): string =>
  kubeconfigStore
    ? `ask an administrator of the cluster to run: stackyard kubeconfig store ${name}; then run: stackyard kubeconfig retrieve ${name}`
    : `ask an administrator of the cluster for a file with this context, or for a kubeconfigStore in the config of clusters.${name}`;

/**
 * An entry that a store had, made again from the config. Whoever can write into the store must name neither what kubectl runs nor where it sends
 * a token: taken over are the authorities, and the address of the cluster itself where its cloud gives such.
 *
 * @throws UsageError where the store says anything else
 */
export function trusted(
  target: Target,
  name: string,
  stored: Entry,
  { signIn }: KubeconfigOperations,
  where: string,
): Entry {
  const environment = target.platform.environments.find((candidate) => candidate.name === name);
  const authority = stored.exec.args.flatMap(
    (arg) => /^--certificate-authority-data=([A-Za-z0-9+/]+=*)$/.exec(arg)?.[1] ?? [],
  );
  const exec = environment ? signInCommand(target.cluster, authority[0]) : signIn?.exec;
  const server = environment
    ? `https://${apiServerHost(environment, target.cluster.domain)}`
    : signIn?.isServer(stored.server)
      ? stored.server
      : undefined;
  if (stored.server !== server)
    throw new UsageError(
      `${where} leads to ${stored.server}, which is no address of ${target.cluster.name}: a token would go there; ask an administrator of the cluster to store it again`,
    );
  if (!exec || !isSame(stored.exec, exec))
    throw new UsageError(
      `${where} signs in with "${[stored.exec.command, ...stored.exec.args].join(" ")}", which is not how ${target.cluster.name} is signed in to: nobody should run it unseen; ask an administrator of the cluster to store it again`,
    );
  return { ...stored, exec };
}

const isSame = (one: ExecCredential, other: ExecCredential): boolean =>
  one.apiVersion === other.apiVersion &&
  one.command === other.command &&
  one.args.length === other.args.length &&
  one.args.every((arg, index) => arg === other.args[index]);

/** https://github.com/int128/kubelogin, which kubectl knows as oidc-login. @param authority PEM in base64 */
function signInCommand({ domain }: Cluster, authority: string | undefined): ExecCredential {
  return {
    apiVersion: "client.authentication.k8s.io/v1",
    command: "kubectl",
    args: [
      "oidc-login",
      "get-token",
      `--oidc-issuer-url=${issuerOf(domain)}`,
      `--oidc-client-id=${KUBERNETES_CLIENT}`,
      "--oidc-pkce-method=S256",
      ...(authority === undefined ? [] : [`--certificate-authority-data=${authority}`]),
    ],
    installHint: "install kubelogin: kubectl krew install oidc-login, or https://github.com/int128/kubelogin",
  };
}

/** kubectl on the cluster itself; its file lies in a folder that nobody else can read, and is gone after. */
async function withKubectl<T>(
  host: HostAccess,
  entry: Entry | undefined,
  { output }: Surroundings,
  work: (secret: ReadSecret) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "stackyard-kubeconfig-"));
  try {
    const own = join(folder, "config");
    if (entry) writeFileSync(own, writeEntry(entry), { mode: 0o600 });
    const context = host.kind === "context" ? host.context : (entry?.context ?? "");
    const file = host.kind === "context" ? host.file.replace(/^~(?=\/)/, homedir()) : own;
    return await work(async (namespace, name, field) => {
      const flags = [`--kubeconfig=${file}`, `--context=${context}`, "--request-timeout=15s"];
      const said = await output("kubectl", [
        ...flags,
        "-n",
        namespace,
        "get",
        "secret",
        name,
        "-o",
        `jsonpath=${field}`,
      ]);
      return read(said, `the Secret ${name} in ${namespace} is not there, or is not yours to read`);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What kubectl complains of is no certificate. */
function read(said: string | undefined, otherwise: string): Read {
  if (said === undefined) return { missing: "kubectl is not installed" };
  const text = said.trim();
  const isCertificate =
    /^[A-Za-z0-9+/]+={0,2}$/.test(text) &&
    Buffer.from(text, "base64").toString().trimStart().startsWith("-----BEGIN CERTIFICATE-----");
  return isCertificate ? { value: text } : { missing: complaintIn(text) ?? otherwise };
}

/** What kubectl complains of, in its last line. What a Secret holds is one word of base64, and is never shown. */
function complaintIn(text: string): string | undefined {
  // Without what a terminal would obey.
  const last = text
    .split("\n")
    .at(-1)
    ?.replaceAll(/\p{Cc}/gu, "")
    .trim();
  return last !== undefined && !text.includes("-----BEGIN") && last.includes(" ")
    ? `kubectl says: ${last.slice(0, 300)}`
    : undefined;
}
