import { statSync } from "node:fs";
import { contextNames, defaultPrefix, idOf, reach } from "../../../cli/kubeconfig/reach";
import type { HostAccess, KubeconfigOperations } from "../../../stacks/kubeconfig";
import { platformOf, type Draft } from "../../support/config";

const CA = Buffer.from("-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n").toString("base64");
const eks: HostAccess = {
  kind: "exec",
  server: "https://eks.example",
  certificateAuthority: CA,
  exec: { apiVersion: "client.authentication.k8s.io/v1beta1", command: "aws", args: ["eks"], installHint: "" },
};
const operations = (host: HostAccess, ownAuthority = false): KubeconfigOperations => ({
  host: () => Promise.resolve(host),
  ownAuthority,
  store: () => undefined,
});
let asked: (readonly string[])[] = [];
/** What kubectl says, and what of its file can be read by whom. */
const kubectl = (said: string | undefined) => ({
  nameServers: () => Promise.resolve([]),
  output: (_tool: string, args: readonly string[]) => {
    asked.push(args);
    return Promise.resolve(said);
  },
});
const target = (name: string, change?: (draft: Draft) => void) => {
  const platform = platformOf(change);
  const cluster = platform.clusters.find((candidate) => candidate.name === name);
  if (!cluster) throw new Error(`no ${name}`);
  return { platform, cluster };
};

beforeEach(() => {
  asked = [];
});

test("names are the seed's, with the cluster's before them where there are several", () => {
  expect(contextNames(target("aws-platform"))).toEqual(["engineering", "dev"]);
  expect(defaultPrefix(target("aws-platform"))).toBe("aws-platform-");
  const one = (draft: Draft): void => {
    draft.clusters = { "aws-platform": draft.clusters["aws-platform"] };
  };
  expect(defaultPrefix(target("aws-platform", one))).toBe("");
});

test("the cluster signs in by its cloud, its environments by Keycloak", async () => {
  const { entries, notes } = await reach(target("aws-platform"), "x-", operations(eks), kubectl(CA));
  expect(notes).toEqual([]);
  expect(entries).toMatchObject([
    {
      context: "x-engineering",
      id: "stackyard/acme-aws-platform",
      server: "https://eks.example",
      exec: { command: "aws" },
    },
    {
      context: "x-dev",
      id: idOf(target("aws-platform"), "dev"),
      server: "https://dev.k8s.aws.acme.example",
      certificateAuthority: CA,
      exec: {
        command: "kubectl",
        args: [
          "oidc-login",
          "get-token",
          "--oidc-issuer-url=https://keycloak.aws.acme.example/realms/platform",
          "--oidc-client-id=kubernetes",
          "--oidc-pkce-method=S256",
        ],
      },
    },
  ]);
});

test("of an environment's Secret the authority is asked for, and no other field", async () => {
  await reach(target("aws-platform"), "", operations(eks), kubectl(CA));
  expect(asked).toHaveLength(1);
  expect(asked[0]?.slice(3)).toEqual([
    ..."-n vcluster-acme-dev get secret vc-acme-dev -o jsonpath={.data.certificate-authority}".split(" "),
  ]);
});

test("the file that kubectl is given is gone after", async () => {
  await reach(target("aws-platform"), "", operations(eks), kubectl(CA));
  const file = asked[0]?.[0]?.replace("--kubeconfig=", "") ?? "";
  expect(statSync(file, { throwIfNoEntry: false })).toBeUndefined();
});

test("a local cluster keeps its own context, and has its authority believed", async () => {
  const host: HostAccess = { kind: "context", file: "/tmp/theirs", context: "kind-acme" };
  const { entries } = await reach(target("local-platform"), "", operations(host, true), kubectl(CA));
  expect(entries.map(({ context }) => context)).toEqual(["dev"]);
  expect(entries[0]?.exec.args).toContain(`--certificate-authority-data=${CA}`);
  expect(asked[0]).toEqual(
    expect.arrayContaining(["--kubeconfig=/tmp/theirs", "--context=kind-acme", "platform-authority"]),
  );
});

test.each([
  [undefined, /dev: its authority could not be read \(kubectl is not installed\)/],
  ["", /dev: its authority could not be read \(the Secret vc-acme-dev in vcluster-acme-dev is not there, or is not/],
  ["Warning: x\nError from server (Forbidden): no", /\(kubectl says: Error from server \(Forbidden\): no\)/],
  [Buffer.from("a private key").toString("base64"), /is not there, or is not yours to read/],
])("what is no certificate is none, and it is said: %p", async (said, note) => {
  const { entries, notes } = await reach(target("aws-platform"), "", operations(eks), kubectl(said));
  expect(entries[1]).not.toHaveProperty("certificateAuthority");
  expect(notes).toEqual([expect.stringMatching(note)]);
});

test("the store is advised where the config has one, and where it has none an administrator is", async () => {
  const of = async (change?: (draft: Draft) => void) =>
    (await reach(target("aws-platform", change), "", operations(eks), kubectl(""))).notes.join();
  expect(await of()).not.toContain("kubeconfig store");
  expect(await of()).toContain("ask an administrator of the cluster for a file with this context");
  const note = await of((draft) => (draft.clusters["aws-platform"].kubeconfigStore = { kind: "ssm" }));
  expect(note).toContain("to run: stackyard kubeconfig store aws-platform; then run: stackyard kubeconfig retrieve");
});

test("without Keycloak nothing is exposed, and the note has the way in", async () => {
  const off = (draft: Draft): void => {
    draft.components = { keycloak: false };
  };
  const { entries, notes } = await reach(target("aws-platform", off), "", operations(eks), kubectl(CA));
  expect(entries.map(({ context }) => context)).toEqual(["engineering"]);
  expect(notes).toEqual([
    expect.stringContaining("kubectl -n vcluster-acme-dev port-forward service/acme-dev 8443:443"),
  ]);
  expect(asked).toEqual([]);
});
