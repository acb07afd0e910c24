/** The package as a foreign project sees it: packed, unpacked, with the bindings of one cloud only. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const root = join(__dirname, "..");
const INSTALLED = [
  "@cdktf/provider-aws",
  "@cdktf/provider-helm",
  "@cdktf/provider-kubernetes",
  "@types/node",
  "cdktf",
  "cli-table3",
  "commander",
  "constructs",
  "deepmerge-ts",
  "diff",
  "fastest-levenshtein",
  "html-escaper",
  "ipaddr.js",
  "jiti",
  "picocolors",
  "semver",
  "yaml",
  "zod",
];

const MAIN = `
import { App } from "cdktf";
import {
  asObject, aws, AwsPlatformStack, azure, checkStacks, definePlatform, LocalPlatformStack, local, PLAN_RULES, readSynthesizedStack,
  type PlanRule,
} from "stackyard";

const platform = definePlatform({
  version: 1,
  name: "foreign",
  contact: "platform@foreign.example",
  clusters: {
    "aws-platform": aws({
      domain: "aws.foreign.example",
      region: "eu-west-1",
      kubernetes: "1.34",
      network: { cidr: "10.0.0.0/16" },
      access: { admins: ["admins"] },
      dns: { zone: "Z0123456789ABCDEFGHIJ" },
    }),
    "azure-platform": azure({
      domain: "azure.foreign.example",
      location: "swedencentral",
      subscription: "00000000-0000-0000-0000-000000000000",
      kubernetes: "1.34",
      network: { cidr: "10.1.0.0/16" },
      access: { admins: ["admins"] },
      dns: { zone: "foreign.example", resourceGroup: "dns" },
    }),
    "local-platform": local({ domain: "127.0.0.1.nip.io", context: "kind" }),
  },
  groups: { admins: { aws: "arn:aws:iam::123456789012:role/Admin", azure: "11111111-1111-1111-1111-111111111111" } },
  environments: {},
  teams: {},
});

const app = new App({ outdir: "out" });
const stack: AwsPlatformStack = new AwsPlatformStack(app, "aws-platform", platform);
new LocalPlatformStack(app, "local-platform", platform);
app.synth();
console.log(stack.node.id);

const ownRule: PlanRule = {
  id: "own-rule",
  severity: "deny",
  why: "Because.",
  fix: "Do.",
  links: [],
  check: ({ resources }) =>
    resources
      .filter(({ type, attributes }) => type === "aws_eks_cluster" && asObject(attributes["vpc_config"])["own"] === undefined)
      .map((resource) => ({ resource, message: "found" })),
};
const { violations } = checkStacks(platform, [readSynthesizedStack("out", "aws-platform")], [...PLAN_RULES, ownRule]);
console.log(violations.filter(({ severity }) => severity === "deny").map(({ rule }) => rule).join());
`;

let project: string;

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), "stackyard-package-"));
  const packed =
    execFileSync("npm", ["pack", "--silent", "--pack-destination", project], { cwd: root, encoding: "utf8" })
      .trim()
      .split("\n")
      .at(-1) ?? "";
  const modules = join(project, "node_modules");
  mkdirSync(join(modules, "stackyard"), { recursive: true });
  execFileSync("tar", ["-xzf", join(project, packed), "-C", join(modules, "stackyard"), "--strip-components=1"]);
  for (const name of INSTALLED) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(root, "node_modules", name), join(modules, name));
  }
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "foreign", type: "commonjs" }));
  writeFileSync(join(project, "main.ts"), MAIN);
}, 180_000);

afterAll(() => {
  rmSync(project, { recursive: true, force: true });
});

const run = (...args: string[]): string =>
  execFileSync(process.execPath, args, { cwd: project, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

test("types check and both stacks are built with the bindings of one cloud", () => {
  run(
    join(root, "node_modules", "typescript", "bin", "tsc"),
    "--strict",
    "--module",
    "node16",
    "--moduleResolution",
    "node16",
    "--target",
    "es2022",
    "--types",
    "node",
    "main.ts",
  );
  // The stack, and of the policies only the one of its own.
  expect(run("main.js").trim().split("\n")).toEqual(["aws-platform", "own-rule"]);
  const stack = JSON.parse(readFileSync(join(project, "out", "stacks", "aws-platform", "cdk.tf.json"), "utf8")) as {
    resource: Record<string, object>;
  };
  expect(Object.keys(stack.resource)).toEqual(expect.arrayContaining(["aws_eks_cluster", "helm_release"]));
  expect(existsSync(join(project, "out", "stacks", "aws-platform", "assets", "chart-team"))).toBe(false);
  expect(existsSync(join(project, "out", "stacks", "aws-platform", "assets", "chart-gateway"))).toBe(true);
}, 180_000);

test("the other cloud's stack says which bindings it misses", () => {
  expect(() => run("-e", 'require("stackyard").AzurePlatformStack')).toThrow(
    /Cannot find module '@cdktf\/provider-azurerm/,
  );
});

test("the command runs from the package, on a config in TypeScript, and says which clients it misses", () => {
  const config = MAIN.replace(/const app[^]*/, "export default platform;").replace(/import \{ App \}.*\n/, "");
  writeFileSync(join(project, "platform.config.ts"), config);
  const { bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { bin: { stackyard: string } };
  const command = join("node_modules", "stackyard", bin.stackyard);
  expect(run(command, "--help")).toMatch(/^Usage: stackyard/);
  expect(() => run(command, "preflight", "local-platform")).toThrow(
    /is a cluster of the kind "local", for which this command has nothing to do/,
  );
  expect(() => run(command, "bootstrap", "aws-platform")).toThrow(/has no state in the config/);
  expect(() => run(command, "leftovers", "aws-platform")).toThrow(
    /error: this command needs the package @aws-sdk\/client-sts, which is not installed; npm install --save-dev/,
  );
  expect(() => run(command, "leftovers", "azure-platform")).toThrow(
    /error: this command needs the package @azure\/identity, which is not installed; npm install --save-dev @azure-rest/,
  );
});

test("every package that is loaded comes with this one, or is a peer", () => {
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Record<
    string,
    Record<string, string>
  >;
  const known = Object.keys({ ...dependencies, ...peerDependencies });
  const built = execFileSync("grep", ["-rhoE", `require\\("[^."][^"]*"\\)`, "node_modules/stackyard/dist"], {
    cwd: project,
    encoding: "utf8",
  });
  const loaded = [...built.matchAll(/require\("((?:@[^/"]+\/)?[^/"]+)/g)].map(([, name = ""]) => name);
  expect([...new Set(loaded)].filter((name) => !name.startsWith("node:") && !known.includes(name))).toEqual([]);
});

test("the tarball holds no sources, tests or tools", () => {
  const files = execFileSync("find", [join(project, "node_modules", "stackyard"), "-type", "f"], { encoding: "utf8" });
  expect(files).not.toMatch(/__tests__|stackyard\/(cli|review)\/|platform\.config|(?<!\.d)\.ts\n/);
});
