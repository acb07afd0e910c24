/** A kubeconfig as text with comments, order and unknown fields: what of it is ours is changed, and nothing else. */
import {
  isMap,
  isPair,
  isScalar,
  isSeq,
  parseDocument,
  YAMLMap,
  type Document,
  type YAMLParseError,
  type YAMLSeq,
} from "yaml";
import type { ExecCredential } from "../../stacks/kubeconfig";
import { UsageError } from "../usage-error";

/** A context with its cluster and its way to sign in. No field could hold a credential. */
export interface Entry {
  /** What kubectl calls it. */
  readonly context: string;
  /** Name of the entries under `clusters` and `users`: a path that begins with `stackyard/`, so that it is nobody else's. */
  readonly id: string;
  readonly server: string;
  /** PEM in base64. @default - the one that is there, else kubectl believes the authorities that the machine knows */
  readonly certificateAuthority?: string;
  readonly exec: ExecCredential;
}

export interface Listed {
  readonly context: string;
  readonly cluster: string;
  readonly server: string;
  /** How it signs in: the command, or what kind of credential is in the file. */
  readonly signIn: string;
  readonly current: boolean;
}

const EMPTY = "apiVersion: v1\nkind: Config\nclusters: []\ncontexts: []\nusers: []\n";

const LISTS = ["clusters", "contexts", "users"] as const;
type List = (typeof LISTS)[number];

/** Fields of a user in which a credential is. `client-certificate` and `tokenFile` are paths, on one machine alone. */
export const CREDENTIAL_FIELDS = [
  "auth-provider",
  "client-certificate",
  "client-certificate-data",
  "client-key",
  "client-key-data",
  "password",
  "token",
  "tokenFile",
  "username",
] as const;

/**
 * @param text of a file; undefined where there is none
 * @param where the text is from, for messages
 * @throws UsageError when it is not a kubeconfig.
 */
export function readKubeconfig(text: string | undefined, where: string): Document {
  const document = parseDocument(text === undefined || text.trim() === "" ? EMPTY : text);
  const [problem] = document.errors;
  const refuse = (why: string): UsageError =>
    new UsageError(`${where} is not a kubeconfig: ${why}; correct it, or restore a backup; nothing was changed`);
  if (problem) throw refuse(wordsFor(problem));
  if (!isMap(document.contents)) throw refuse("it is not a map");
  for (const list of LISTS) {
    const found: unknown = document.get(list);
    if (found === undefined || found === null) continue;
    if (!isSeq(found) || !found.items.every((item) => isMap(item) && typeof item.get("name") === "string"))
      throw refuse(`\`${list}\` is not a list of entries with names`);
  }
  return document;
}

/** What is wrong with the text, for people who do not know the parser. */
const wordsFor = ({ code, message }: Pick<YAMLParseError, "code" | "message">): string =>
  code === "MULTIPLE_DOCS" ? "it holds several documents" : (message.split("\n")[0] ?? "").replace(/:$/, "");

/** What became of contexts that are not among the entries. */
export interface Merged {
  /** The current context, which was taken away: none is current now. @default - it is there */
  readonly lostCurrent?: string;
  /** Contexts of the same clusters by other names: of an earlier prefix, or somebody's own. They stay. */
  readonly beside: readonly string[];
}

/**
 * Puts entries into a kubeconfig, each at the place of the one that it was before.
 *
 * @param gone ids below which an entry that is not among these has gone from the config, such as `stackyard/acme-aws-platform/`
 * @throws UsageError when somebody else's context has a name that is to be ours.
 */
export function mergeEntries(document: Document, entries: readonly Entry[], gone: readonly string[]): Merged {
  for (const { context, id } of entries) {
    const other = find(document, "contexts", context);
    const cluster = textOf(other?.getIn(["context", "cluster"]));
    if (other && cluster !== id)
      throw new UsageError(
        `there is a context "${context}" already, ${cluster === "" ? "of no cluster" : `of the cluster "${cluster}"`}; choose other names with --prefix, or rename it (kubectl config rename-context)`,
      );
  }
  const kept = new Set(entries.map(({ id }) => id));
  const isGone = (id: unknown): boolean =>
    typeof id === "string" && !kept.has(id) && gone.some((start) => id.startsWith(start));
  remove(document, "contexts", (item) => isGone(item.getIn(["context", "cluster"])));
  remove(document, "clusters", (item) => isGone(item.get("name")));
  remove(document, "users", (item) => isGone(item.get("name")));
  for (const entry of entries) {
    const { context, id, server, certificateAuthority, exec } = entry;
    const cluster = part(document, "clusters", id, "cluster");
    cluster.set("server", server);
    // Who may not read it keeps the one that somebody gave them.
    if (certificateAuthority !== undefined) cluster.set("certificate-authority-data", certificateAuthority);
    const user = part(document, "users", id, "user");
    for (const field of CREDENTIAL_FIELDS) user.delete(field);
    user.set("exec", document.createNode(execOf(exec)));
    // Its namespace is whoever's who chose it.
    const used = part(document, "contexts", context, "context");
    used.set("cluster", id);
    used.set("user", id);
  }
  return { ...resetCurrent(document), beside: besideOf(document, entries) };
}

/** kubectl fails at every command while the current context is none that is there. */
function resetCurrent(document: Document): { readonly lostCurrent?: string } {
  const current: unknown = document.get("current-context");
  if (typeof current !== "string" || current === "" || find(document, "contexts", current)) return {};
  document.set("current-context", "");
  return { lostCurrent: current };
}

function besideOf(document: Document, entries: readonly Entry[]): readonly string[] {
  const ids = new Set(entries.map(({ id }) => id));
  const names = new Set(entries.map(({ context }) => context));
  return items(document, "contexts")
    .filter((item) => ids.has(textOf(item.getIn(["context", "cluster"]))))
    .map((item) => String(item.get("name")))
    .filter((name) => !names.has(name));
}

const execOf = ({ apiVersion, command, args, installHint }: ExecCredential) => ({
  apiVersion,
  command,
  args: [...args],
  env: null,
  interactiveMode: "IfAvailable",
  provideClusterInfo: false,
  installHint,
});

/** Every context of a kubeconfig. */
export function listContexts(document: Document): readonly Listed[] {
  return items(document, "contexts").map((item) => {
    const cluster = textOf(item.getIn(["context", "cluster"]));
    const user = find(document, "users", textOf(item.getIn(["context", "user"])));
    return {
      context: String(item.get("name")),
      cluster,
      server: textOf(find(document, "clusters", cluster)?.getIn(["cluster", "server"])),
      signIn: signInOf(user),
      current: document.get("current-context") === item.get("name"),
    };
  });
}

/** What should be a text, and is none where somebody wrote something else. */
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

function signInOf(user: YAMLMap | undefined): string {
  const held = CREDENTIAL_FIELDS.filter((field) => user?.hasIn(["user", field]));
  if (held.length > 0) return `stored: ${held.join(", ")}`;
  const args = user?.getIn(["user", "exec", "args"]);
  const words = isSeq(args) ? args.items.slice(0, 2).map((arg) => String(isScalar(arg) ? arg.value : arg)) : [];
  const command = user?.getIn(["user", "exec", "command"]);
  return command === undefined ? "none" : [textOf(command), ...words.filter((word) => !word.startsWith("-"))].join(" ");
}

/** A kubeconfig of one entry. */
export function writeEntry(entry: Entry): string {
  const document = readKubeconfig(undefined, "an empty one");
  mergeEntries(document, [entry], []);
  return document.toString({ lineWidth: 0 });
}

/**
 * The entries of a kubeconfig whose cluster is one of these.
 *
 * @throws UsageError when a credential is in one of them.
 */
export function entriesOf(document: Document, ids: ReadonlySet<string>, where: string): readonly Entry[] {
  return items(document, "contexts").flatMap((item): Entry[] => {
    const id = textOf(item.getIn(["context", "cluster"]));
    if (!ids.has(id)) return [];
    const context = String(item.get("name"));
    const user = find(document, "users", textOf(item.getIn(["context", "user"])));
    const held = CREDENTIAL_FIELDS.filter((field) => user?.hasIn(["user", field]));
    if (held.length > 0)
      throw new UsageError(
        `the context "${context}" in ${where} has a credential in it (${held.join(", ")}), which no store is to have; run stackyard kubeconfig write first`,
      );
    const cluster = find(document, "clusters", id);
    const server = cluster?.getIn(["cluster", "server"]);
    const authority = cluster?.getIn(["cluster", "certificate-authority-data"]);
    const command = user?.getIn(["user", "exec"]);
    if (typeof server !== "string" || !isMap(command))
      throw new UsageError(`the context "${context}" in ${where} has no server or no command to sign in with`);
    const { apiVersion, command: tool, args, installHint = "" } = command.toJSON() as Partial<ExecCredential>;
    if (!apiVersion || typeof tool !== "string" || !Array.isArray(args))
      throw new UsageError(
        `the context "${context}" in ${where} has no command to sign in with that kubectl would run`,
      );
    return [
      {
        context,
        id,
        server,
        ...(typeof authority === "string" && { certificateAuthority: authority }),
        exec: { apiVersion, command: tool, args, installHint },
      },
    ];
  });
}

const items = (document: Document, list: List): YAMLMap[] => {
  const found: unknown = document.get(list);
  return isSeq(found) ? found.items.filter((item) => isMap(item)) : [];
};

const find = (document: Document, list: List, name: string): YAMLMap | undefined =>
  items(document, list).find((item) => item.get("name") === name);

function remove(document: Document, list: List, unwanted: (item: YAMLMap) => boolean): void {
  const found: unknown = document.get(list);
  if (isSeq(found)) found.items = found.items.filter((item) => !isMap(item) || !unwanted(item));
}

/** The map that an entry holds under a key; made, with what it is in, where it is not there. */
function part(document: Document, list: List, name: string, key: string): YAMLMap {
  const existing = find(document, list, name);
  const entry = existing ?? new YAMLMap();
  if (!existing) {
    entry.set("name", name);
    listOf(document, list).add(entry);
  }
  const inner: unknown = entry.get(key);
  if (isMap(inner)) return inner;
  const made = new YAMLMap();
  entry.set(key, made);
  return made;
}

function listOf(document: Document, list: List): YAMLSeq {
  const found: unknown = document.get(list);
  if (isSeq(found)) {
    // `[]` in one line would hold all that is put into it in that line.
    if (found.items.length === 0) found.flow = false;
    return found;
  }
  const made = document.createNode([]);
  document.set(list, made);
  const pair = isMap(document.contents)
    ? document.contents.items.find((item) => isPair(item) && item.value === made)
    : undefined;
  if (pair) made.flow = false;
  return made;
}
