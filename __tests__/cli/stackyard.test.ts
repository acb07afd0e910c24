import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { stackyard } from "../../cli/stackyard";
import { awsOperations } from "../../stacks/aws/operations/aws-operations";
import { azureOperations } from "../../stacks/azure/operations/azure-operations";
import { OperationError, type Operations } from "../../stacks/operations";
import { platformOf } from "../support/config";
import { capturePrinted } from "../support/printed";

jest.mock("../../stacks/aws/operations/aws-operations");
jest.mock("../../stacks/azure/operations/azure-operations");

const root = join(__dirname, "..", "..");
let printed: { out: string; err: string };

beforeEach(() => {
  printed = capturePrinted();
});

afterEach(() => {
  jest.restoreAllMocks();
});

const run = (...args: string[]) => stackyard(args, { config: join(root, "platform.config.ts") });

/** A cloud that answers so. */
function answers(operations: Partial<Operations>): void {
  jest.mocked(awsOperations).mockReturnValue(operations as Operations);
}

describe("mistakes in the call are a sentence and exit 1", () => {
  test.each([
    ["no subcommand", [], /^Usage: stackyard/],
    [
      "an unknown subcommand",
      ["prefligt", "aws-platform"],
      /^error: unknown command 'prefligt'\n\(Did you mean preflight\?\)/,
    ],
    ["no stack", ["preflight"], /^error: missing required argument 'stack'/],
    ["an unknown option", ["preflight", "aws-platform", "--jsn"], /^error: unknown option '--jsn'/],
    [
      "an unknown stack",
      ["preflight", "gcp-platform"],
      /^error: the config has no stack "gcp-platform"; its stacks are aws-platform, azure-platform, local-platform\n$/,
    ],
    [
      "a kind without these commands",
      ["leftovers", "local-platform"],
      /^error: "local-platform" is a cluster of the kind "local", for which this command has nothing to do; it is for clusters on AWS/,
    ],
    [
      "a config that is not there",
      ["bootstrap", "aws-platform", "--config", "no.ts"],
      /^error: there is no config at no\.ts/,
    ],
  ])("%s", async (_what, args, sentence) => {
    expect(await run(...args)).toBe(1);
    expect(printed.err).toMatch(sentence);
    expect(printed.err).not.toMatch(/^\s+at /m);
  });

  test("a refusal of the cloud", async () => {
    answers({ bootstrap: () => Promise.reject(new OperationError("the bucket is another's; choose another name")) });
    expect(await run("bootstrap", "aws-platform")).toBe(1);
    expect(printed.err).toBe("error: the bucket is another's; choose another name\n");
  });
});

test("each kind of cluster is asked of its own cloud", async () => {
  const leftovers = () => Promise.resolve({ left: [], unseen: [], running: false });
  jest.mocked(azureOperations).mockReturnValue({ leftovers } as Partial<Operations> as Operations);
  answers({ leftovers: () => Promise.reject(new Error("the wrong cloud")) });
  expect(await run("leftovers", "azure-platform")).toBe(0);
});

test("help is no mistake, and names every subcommand", async () => {
  expect(await run("--help")).toBe(0);
  for (const name of ["preflight", "leftovers", "bootstrap"]) expect(printed.out).toContain(name);
});

test("a fault of the program keeps its stack trace", async () => {
  answers({ preflight: () => Promise.reject(new TypeError("a bug")) });
  await expect(run("preflight", "aws-platform")).rejects.toThrow(TypeError);
});

describe("preflight", () => {
  const fine = { severity: "ok", subject: "terraform", found: "1.13.2" } as const;
  const tight = { severity: "warn", subject: "quota: spot vCPUs", found: "tight", fix: "ask for more" } as const;
  const wrong = { severity: "error", subject: "state bucket", found: "there is none", fix: "make one" } as const;

  test("is 0 with warnings only, and says what to do about each", async () => {
    answers({ preflight: () => Promise.resolve([fine, tight]) });
    expect(await run("preflight", "aws-platform")).toBe(0);
    expect(printed.out).toMatch(/warning +quota: spot vCPUs +tight\n +→ ask for more/);
    expect(printed.out).toMatch(/\n0 errors, 1 warning, 1 ok\n$/);
  });

  test("is 1 with an error", async () => {
    answers({ preflight: () => Promise.resolve([fine, tight, wrong]) });
    expect(await run("preflight", "aws-platform")).toBe(1);
    expect(printed.out).toMatch(/\n1 error, 1 warning, 1 ok\n$/);
  });

  test("is about what the stack has that was asked for, not about its cluster's others", async () => {
    const asked: (readonly [string, ReadonlySet<string>])[] = [];
    answers({
      preflight: (...of) => {
        asked.push(of);
        return Promise.resolve([]);
      },
    });
    const layered = platformOf((draft) => (draft.clusters["aws-platform"].layout = "layered"));
    const config = { config: join(root, "platform.config.ts"), load: () => ({ default: layered }) };
    expect(await stackyard(["preflight", "aws-teams"], config)).toBe(0);
    const [[stack, types] = ["", new Set<string>()]] = asked;
    expect(stack).toBe("aws-teams");
    expect(types).toContain("kubernetes_namespace_v1");
    expect(types).not.toContain("aws_eks_cluster");
  });

  test("as JSON", async () => {
    answers({ preflight: () => Promise.resolve([wrong]) });
    expect(await run("preflight", "aws-platform", "--json")).toBe(1);
    expect(JSON.parse(printed.out)).toEqual({ stack: "aws-platform", findings: [wrong] });
  });
});

describe("leftovers", () => {
  const volume = {
    type: "ec2:volume",
    id: "vol-1",
    why: "tag a=b",
    remove: `aws ec2 delete-volume ${"x".repeat(200)}`,
  };

  test("nothing is 0", async () => {
    answers({ leftovers: () => Promise.resolve({ left: [], unseen: [], running: false }) });
    expect(await run("leftovers", "aws-platform")).toBe(0);
    expect(printed.out).toBe("nothing is left\n");
  });

  test("something is 2, and its command stands on one line", async () => {
    answers({ leftovers: () => Promise.resolve({ left: [volume], unseen: [], running: false }) });
    expect(await run("leftovers", "aws-platform")).toBe(2);
    expect(printed.out).toContain(`\n  ${volume.remove}\n`);
    expect(printed.out).toMatch(/^ec2:volume vol-1\n {2}because of tag a=b\n/);
  });

  test("what the cloud keeps until a day is said, and nothing is left", async () => {
    const waiting = ["/subscriptions/…/deletedVaults/acme until 2027-02-19"];
    answers({ leftovers: () => Promise.resolve({ left: [], waiting, unseen: [], running: false }) });
    expect(await run("leftovers", "aws-platform")).toBe(0);
    expect(printed.out).toBe(
      `deleted; a deploy under the same name brings it back\n  ${waiting[0]}\n\nnothing is left\n`,
    );
  });

  test("what could not be looked at is no proof: 1", async () => {
    answers({ leftovers: () => Promise.resolve({ left: [], unseen: ["EC2: AccessDenied"], running: false }) });
    expect(await run("leftovers", "aws-platform")).toBe(1);
    expect(printed.out).toBe("not looked at\n  EC2: AccessDenied\n\nnothing else is left\n");
  });

  test("of a cluster that runs says that it is in use", async () => {
    answers({ leftovers: () => Promise.resolve({ left: [volume], unseen: [], running: true }) });
    expect(await run("leftovers", "aws-platform")).toBe(2);
    expect(printed.out).toMatch(
      /^the cluster still runs: what follows is in use\. Destroy it first: npx cdktf destroy/,
    );
  });
});

describe("bootstrap", () => {
  test.each([
    [["made", "already so"], "1 made"],
    [["planned"], "1 would be made"],
    [["already so"], "nothing to change"],
    [
      ["left", "made", "left"],
      "1 made; 2 left, because somebody else made the account: they hold for everything in it, and --harden makes them",
    ],
  ] as const)("%j: %s", async (outcomes, sum) => {
    const steps = outcomes.map((outcome) => ({ what: "the bucket", outcome }));
    const bootstrap = jest.fn(() => Promise.resolve(steps));
    answers({ bootstrap });
    expect(await run("bootstrap", "aws-platform", "--dry-run")).toBe(0);
    expect(bootstrap).toHaveBeenCalledWith({ dryRun: true, harden: false });
    expect(printed.out.trimEnd().split("\n").at(-1)).toBe(sum);
  });
});

test("neither synth nor the command loads a cloud's clients before they are needed, and the command no cdktf", () => {
  const loaded = (file: string): string[] =>
    JSON.parse(
      execFileSync(
        process.execPath,
        [
          "-r",
          join(root, "register.js"),
          "-e",
          `require(${JSON.stringify(join(root, file))}); console.log(JSON.stringify(Object.keys(require.cache)))`,
        ],
        { encoding: "utf8" },
      ),
    );
  expect(loaded("cli/run.ts").filter((path) => /@aws-sdk|@azure|commander/.test(path))).toEqual([]);
  for (const file of [
    "cli/stackyard.ts",
    "stacks/aws/operations/aws-operations.ts",
    "stacks/azure/operations/azure-operations.ts",
  ])
    expect(loaded(file).filter((path) => /@aws-sdk|@azure|node_modules\/@?cdktf/.test(path))).toEqual([]);
});
