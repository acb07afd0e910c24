import { parse } from "yaml";
import {
  entriesOf,
  listContexts,
  mergeEntries,
  readKubeconfig,
  writeEntry,
  type Entry,
} from "../../../cli/kubeconfig/document";

const entry: Entry = {
  context: "dev",
  id: "stackyard/acme-aws-platform/dev",
  server: "https://dev.k8s.acme.example",
  certificateAuthority: "Q0E=",
  exec: {
    apiVersion: "client.authentication.k8s.io/v1",
    command: "kubectl",
    args: ["oidc-login", "get-token"],
    installHint: "install it",
  },
};

const THEIRS = `# mine, keep it
apiVersion: v1
kind: Config
preferences: { colors: true }
current-context: home
clusters:
  - name: home # at home
    cluster:
      server: https://192.0.2.1
      insecure-skip-tls-verify: true
contexts:
  - name: home
    context: { cluster: home, user: me, namespace: games }
users:
  - name: me
    user:
      token: my-token
unknown-field: [ 1, 2 ]
`;

function merged(text: string | undefined, entries: readonly Entry[] = [entry], gone: readonly string[] = []): string {
  const document = readKubeconfig(text, "config");
  mergeEntries(document, entries, gone);
  return document.toString({ lineWidth: 0 });
}

describe("merging", () => {
  test("keeps every line of others, comments and unknown fields included", () => {
    const after = merged(THEIRS);
    let rest = after;
    for (const line of THEIRS.trim().split("\n")) {
      expect(rest).toContain(line);
      rest = rest.slice(rest.indexOf(line) + line.length);
    }
    expect(parse(after)["current-context"]).toBe("home");
  });

  test("adds a context, with a command in the place of a credential", () => {
    const { clusters, contexts, users } = parse(merged(undefined));
    expect(clusters).toEqual([
      { name: entry.id, cluster: { server: entry.server, "certificate-authority-data": "Q0E=" } },
    ]);
    expect(contexts).toEqual([{ name: "dev", context: { cluster: entry.id, user: entry.id } }]);
    expect(users).toMatchObject([
      { name: entry.id, user: { exec: { command: "kubectl", interactiveMode: "IfAvailable" } } },
    ]);
  });

  test("twice is the same as once", () => {
    expect(merged(merged(THEIRS))).toBe(merged(THEIRS));
  });

  test("changes what is ours at its place, and leaves the namespace that somebody chose", () => {
    const chosen = readKubeconfig(merged(THEIRS), "config");
    chosen.setIn(["contexts", 1, "context", "namespace"], "team-web");
    const { contexts, clusters } = parse(merged(chosen.toString(), [{ ...entry, server: "https://new.example" }]));
    expect(contexts).toHaveLength(2);
    expect(contexts[1].context).toEqual({ cluster: entry.id, user: entry.id, namespace: "team-web" });
    expect(clusters[1].cluster.server).toBe("https://new.example");
  });

  test("takes a credential out of what is ours", () => {
    const document = readKubeconfig(merged(undefined), "config");
    document.setIn(["users", 0, "user", "token"], "a-token");
    expect(merged(document.toString())).not.toContain("a-token");
  });

  test("keeps an authority that somebody gave where none could be read", () => {
    const { certificateAuthority: _, ...without } = entry;
    expect(parse(merged(merged(undefined), [without])).clusters[0].cluster["certificate-authority-data"]).toBe("Q0E=");
  });

  test("takes an environment away that is in the config no more, and nothing of another cluster", () => {
    const other = { ...entry, context: "x-dev", id: "stackyard/acme-other/dev" };
    const old = { ...entry, context: "old", id: "stackyard/acme-aws-platform/old" };
    const { contexts, clusters, users } = parse(
      merged(merged(undefined, [entry, other, old]), [entry], ["stackyard/acme-aws-platform/"]),
    ) as Record<"contexts" | "clusters" | "users", readonly { readonly name: string }[]>;
    for (const list of [clusters, users]) expect(list.map(({ name }) => name)).toEqual([entry.id, other.id]);
    expect(contexts.map(({ name }) => name)).toEqual(["dev", "x-dev"]);
  });

  test("refuses to take somebody else's context", () => {
    expect(() => merged(THEIRS, [{ ...entry, context: "home" }])).toThrow(
      /there is a context "home" already, of the cluster "home"; choose other names with --prefix/,
    );
  });

  test.each([
    ["null lists, as kubectl writes them", "apiVersion: v1\nclusters: null\ncontexts: null\nusers: null\n"],
    ["no lists", "apiVersion: v1\nkind: Config\n"],
    ["JSON", '{"apiVersion":"v1","clusters":[],"contexts":[],"users":[]}'],
    ["an empty file", "\n"],
  ])("takes %s", (_what, text) => {
    expect(parse(merged(text)).contexts).toHaveLength(1);
  });
});

test.each([
  ["broken YAML", "clusters: [\n"],
  ["a text", "hello"],
  ["a list", "- a\n"],
  ["a list of something else", "clusters: [a]\n"],
  ["an entry without a name", "contexts: [{ context: {} }]\n"],
  ["a map for a list", "users: { a: b }\n"],
  ["two documents", "a: b\n---\nc: d\n"],
])("%s is no kubeconfig", (_what, text) => {
  expect(() => readKubeconfig(text, "config")).toThrow(/^config is not a kubeconfig: .+; nothing was changed$/);
});

test("what is wrong is said in words of its own, not in the parser's", () => {
  expect(() => readKubeconfig("a: b\n---\nc: d\n", "config")).toThrow(
    "config is not a kubeconfig: it holds several documents;",
  );
  expect(() => readKubeconfig("- a\n", "config")).toThrow("it is not a map;");
});

test("a list says who signs in by a command, and who has a credential in the file", () => {
  expect(listContexts(readKubeconfig(merged(THEIRS), "config"))).toEqual([
    { context: "home", cluster: "home", server: "https://192.0.2.1", signIn: "stored: token", current: true },
    { context: "dev", cluster: entry.id, server: entry.server, signIn: "kubectl oidc-login get-token", current: false },
  ]);
});

describe("an entry from a text", () => {
  const ids = new Set([entry.id]);
  const read = (text: string) => entriesOf(readKubeconfig(text, "the store"), ids, "the store");
  const changed = (path: readonly (string | number)[], value: unknown): string => {
    const document = readKubeconfig(writeEntry(entry), "the store");
    document.setIn(path, value);
    return document.toString();
  };

  test("is what was written", () => {
    expect(read(writeEntry(entry))).toEqual([entry]);
  });

  test.each(["client-key-data", "token", "password", "auth-provider", "tokenFile"])(
    "with the credential %s is refused",
    (field) => {
      expect(() => read(changed(["users", 0, "user", field], "x"))).toThrow(
        `the context "dev" in the store has a credential in it (${field})`,
      );
    },
  );

  test("without a command is refused", () => {
    expect(() => read(changed(["users", 0, "user", "exec", "command"], null))).toThrow(
      'the context "dev" in the store has no command to sign in with that kubectl would run',
    );
  });

  test("of another cluster is none", () => {
    expect(entriesOf(readKubeconfig(writeEntry(entry), "the store"), new Set(["stackyard/other"]), "it")).toEqual([]);
  });
});
