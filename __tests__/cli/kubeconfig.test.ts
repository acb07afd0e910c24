/** `stackyard kubeconfig` as a person runs it, with the cloud and kubectl in other hands. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { stackyard } from "../../cli/stackyard";
import { awsKubeconfig } from "../../stacks/aws/operations/kubeconfig";
import { azureKubeconfig } from "../../stacks/azure/operations/kubeconfig";
import type { HostAccess, TextStore } from "../../stacks/kubeconfig";
import { OperationError } from "../../stacks/operations";
import { platformOf, type Draft } from "../support/config";
import { capturePrinted } from "../support/printed";

jest.mock("../../stacks/aws/operations/kubeconfig");
jest.mock("../../stacks/azure/operations/kubeconfig");

const CA = Buffer.from("-----BEGIN CERTIFICATE-----\nx\n").toString("base64");
const access = (command: string): HostAccess => ({
  kind: "exec",
  server: `https://${command}.example`,
  certificateAuthority: CA,
  exec: { apiVersion: "client.authentication.k8s.io/v1beta1", command, args: ["a"], installHint: "" },
});

let printed: { out: string; err: string };
let folder: string;
let file: string;
let clock: number;
let kept: Map<string, string>;
const texts: TextStore = {
  place: (name) => `the store's ${name}`,
  get: (name) => Promise.resolve(kept.get(name)),
  put: (name, text) => {
    kept.set(name, text);
    return Promise.resolve();
  },
};

beforeEach(() => {
  printed = capturePrinted();
  folder = mkdtempSync(join(tmpdir(), "stackyard-kc-"));
  file = join(folder, "config");
  clock = Date.UTC(2024, 5, 1, 12);
  kept = new Map();
  const aws = access("aws");
  jest.mocked(awsKubeconfig).mockReturnValue({
    host: () => Promise.resolve(aws),
    ...(aws.kind === "exec" && { signIn: { exec: aws.exec, isServer: (server: string) => server === aws.server } }),
    ownAuthority: false,
    store: () => texts,
  });
  jest.mocked(azureKubeconfig).mockReturnValue({
    host: () => Promise.resolve(access("kubelogin")),
    ownAuthority: false,
    store: () => undefined,
  });
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  jest.restoreAllMocks();
});

const run = (args: string, change?: (draft: Draft) => void) =>
  stackyard(["kubeconfig", ...args.split(" ")], {
    // This file stands for the config, which is made here.
    config: __filename,
    load: () => ({ default: platformOf(change) }),
    surroundings: { nameServers: () => Promise.resolve([]), output: () => Promise.resolve(CA) },
    env: { KUBECONFIG: file },
    now: () => new Date((clock += 1000)),
  });
interface Written {
  readonly contexts: readonly { readonly name: string }[];
  readonly users: readonly { readonly name: string; readonly user: Record<string, unknown> }[];
  readonly "current-context"?: string;
}
const written = () => parse(readFileSync(file, "utf8")) as Written;
const names = (): string[] => written().contexts.map(({ name }) => name);
const stored = (draft: Draft): void => {
  draft.clusters["aws-platform"].kubeconfigStore = { kind: "ssm" };
};

test("write puts every cluster and its environments into the file, each under its cluster's name", async () => {
  expect(await run("write")).toBe(0);
  expect(names()).toEqual([
    "aws-platform-engineering",
    "aws-platform-dev",
    "azure-platform-engineering",
    "azure-platform-dev",
    "local-platform-dev",
  ]);
  expect(written()["current-context"]).toBeUndefined();
  expect(JSON.stringify(written())).not.toMatch(/client-key|"token"|password|client-certificate/);
});

test("one cluster of the config has the seed's names alone", async () => {
  await run("write", (draft) => (draft.clusters = { "aws-platform": draft.clusters["aws-platform"] }));
  expect(names()).toEqual(["engineering", "dev"]);
});

test("a prefix of one's own takes the place of the cluster's", async () => {
  await run("write aws-platform --prefix a:");
  expect(names()).toEqual(["a:engineering", "a:dev"]);
});

test("a second run changes nothing, and makes no backup", async () => {
  await run("write aws-platform");
  const before = readFileSync(file, "utf8");
  await run("write aws-platform");
  expect(readFileSync(file, "utf8")).toBe(before);
  expect(printed.out).toMatch(/nothing to change in .*config\n$/);
  expect(readdirSync(folder)).toEqual(["config"]);
});

test("an environment that left the config goes; the other clusters' stay", async () => {
  await run("write");
  await run("write aws-platform", (draft) => {
    draft.environments = { prod: { cluster: "acme-prod" } };
    draft.teams.web.environments = {};
  });
  expect(names()).toContain("azure-platform-dev");
  expect(names()).toContain("aws-platform-prod");
  expect(names()).not.toContain("aws-platform-dev");
});

test("the current context that goes with its environment is none any more, and it is said", async () => {
  await run("write aws-platform");
  writeFileSync(file, `${readFileSync(file, "utf8")}current-context: aws-platform-dev\n`);
  await run("write aws-platform", (draft) => {
    draft.environments = { prod: { cluster: "acme-prod" } };
    draft.teams.web.environments = {};
  });
  expect(written()["current-context"]).toBe("");
  expect(printed.out).toContain('note: the current context was "aws-platform-dev", which is not there any more');
});

test("contexts of an earlier prefix stay, are named, and stay current", async () => {
  await run("write aws-platform --prefix old-");
  expect(printed.out).toMatch(/2 contexts written to .*config\n$/);
  expect(printed.out).not.toContain("note:");
  writeFileSync(file, `${readFileSync(file, "utf8")}current-context: old-dev\n`);
  await run("write aws-platform --prefix new-");
  expect(names()).toEqual(["old-engineering", "old-dev", "new-engineering", "new-dev"]);
  expect(written()["current-context"]).toBe("old-dev");
  expect(printed.out).toContain("note: old-engineering, old-dev: of the same clusters, from an earlier --prefix");
});

describe("mistakes are a sentence, exit 1, and change nothing", () => {
  const BROKEN = "clusters: [\n";
  test.each([
    ["write", /is not a kubeconfig/],
    ["write gcp", /the config has no stack "gcp"; its stacks are aws-platform, azure-platform, local-platform/],
    ["write --prefix x", /two contexts would be called "xengineering"/],
    ["restore", /there are no backups of/],
    ["restore ../config", /there are no backups of/],
    ["store aws-platform", /clusters\.aws-platform has no kubeconfigStore; name one in the config/],
    ["retrieve aws-platform", /clusters\.aws-platform has no kubeconfigStore/],
    ["list", /is not a kubeconfig/],
  ])("%s", async (args, sentence) => {
    writeFileSync(file, BROKEN);
    expect(await run(args)).toBe(1);
    expect(printed.err).toMatch(sentence);
    expect(printed.err).not.toMatch(/^\s+at /m);
    expect(readFileSync(file, "utf8")).toBe(BROKEN);
    expect(readdirSync(folder)).toEqual(["config"]);
  });

  test("a cloud that does not answer", async () => {
    jest.mocked(azureKubeconfig).mockReturnValue({
      host: () => Promise.reject(new OperationError("no usable Azure credentials; sign in")),
      ownAuthority: false,
      store: () => undefined,
    });
    expect(await run("write")).toBe(1);
    expect(printed.err).toBe("error: no usable Azure credentials; sign in\n");
    expect(readdirSync(folder)).toEqual([]);
  });
});

test("restore puts back what was before, and again what was between", async () => {
  writeFileSync(file, "apiVersion: v1\n# before\n");
  await run("write aws-platform");
  const between = readFileSync(file, "utf8");
  expect(await run("restore")).toBe(0);
  expect(readFileSync(file, "utf8")).toBe("apiVersion: v1\n# before\n");
  await run("restore");
  expect(readFileSync(file, "utf8")).toBe(between);
});

test("list has the contexts and the backups; what is stored in the file is said", async () => {
  writeFileSync(
    file,
    "contexts: [{ name: old, context: { user: me } }]\nusers: [{ name: me, user: { token: abc } }]\n",
  );
  await run("backup");
  await run("list");
  expect(printed.out).toMatch(/old +stored: token/);
  expect(printed.out).toMatch(/backups, the newest first:\n {2}config_20240601_120001\n/);
  expect(printed.out).not.toContain("abc");
});

describe("the store", () => {
  test("has each context by the names of cluster and environment, and another person gets the same", async () => {
    await run("write aws-platform", stored);
    const before = readFileSync(file, "utf8");
    expect(await run("store aws-platform", stored)).toBe(0);
    expect([...kept.keys()]).toEqual([
      "secret/kubeconfigs/acme-aws-platform/engineering",
      "secret/kubeconfigs/acme-aws-platform/dev",
    ]);
    expect(printed.out).toContain("the store's secret/kubeconfigs/acme-aws-platform/dev\n");
    // Parameter Store takes so much for nothing.
    for (const text of kept.values()) expect(text.length).toBeLessThan(4096);
    rmSync(file);
    expect(await run("retrieve aws-platform", stored)).toBe(0);
    expect(readFileSync(file, "utf8")).toBe(before);
  });

  test("is given no credential", async () => {
    await run("write aws-platform", stored);
    const document = written();
    Object.assign(document.users[1]?.user ?? {}, { "client-key-data": "a-key" });
    writeFileSync(file, JSON.stringify(document));
    expect(await run("store aws-platform", stored)).toBe(1);
    expect(printed.err).toMatch(/has a credential in it \(client-key-data\), which no store is to have/);
    expect([...kept.values()].join()).not.toContain("a-key");
  });

  test.each([
    ["dev", "command: kubectl", "command: curl", /signs in with "curl oidc-login/],
    [
      "dev",
      "- get-token",
      "- get-token\n          - --browser-command=touch",
      /signs in with .*--browser-command=touch/,
    ],
    ["dev", "https://dev.k8s.", "https://evil.k8s.", /leads to https:\/\/evil\.k8s\..*a token would go there/],
    ["engineering", "- a", "- s3", /signs in with "aws s3"/],
    ["engineering", "https://aws.example", "https://evil.example", /leads to https:\/\/evil\.example/],
  ])("that somebody else has written into is not believed: %s, %s", async (entry, from, to, message) => {
    await run("write aws-platform", stored);
    await run("store aws-platform", stored);
    const name = `secret/kubeconfigs/acme-aws-platform/${entry}`;
    const text = kept.get(name) ?? "";
    kept.set(name, text.replace(from, to));
    expect(kept.get(name)).not.toBe(text);
    const before = readFileSync(file, "utf8");
    expect(await run("retrieve aws-platform", stored)).toBe(1);
    expect(printed.err).toMatch(message);
    expect(readFileSync(file, "utf8")).toBe(before);
  });

  test("that has nothing is a sentence, and so is a file that has nothing", async () => {
    expect(await run("retrieve aws-platform", stored)).toBe(1);
    expect(printed.err).toMatch(
      /nothing of aws-platform is stored; ask an administrator of the cluster to run: stackyard kubeconfig store/,
    );
    expect(await run("store aws-platform", stored)).toBe(1);
    expect(printed.err).toMatch(/has no context of aws-platform; run stackyard kubeconfig write aws-platform first/);
  });

  test("of the kind vault needs its address", async () => {
    const vault = (draft: Draft): void => {
      draft.clusters["local-platform"].kubeconfigStore = { kind: "vault" };
    };
    expect(await run("retrieve local-platform", vault)).toBe(1);
    expect(printed.err).toMatch(/^error: VAULT_ADDR is not set/);
  });
});
