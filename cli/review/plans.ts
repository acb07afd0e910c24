/** Finds plans and reads them: as `terraform show -json` prints them, or as `terraform plan` leaves them. */
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { promisify } from "node:util";
import { readSynthesizedStack, type SynthesizedStack } from "../../policies/plan/synthesized-stack";
import { PlanError, readPlan } from "../../review/read/plan";
import type { StackChange } from "../../review/read/stack-change";
import { UsageError } from "../usage-error";

const run = promisify(execFile);

/** What `cdktf diff`, or a workflow, leaves in a stack's folder; the first that is there. */
const NAMES = ["plan.json", "plan"];

/** A saved plan is a zip file. */
const ZIP = "PK\u0003\u0004";

/** Characters of a plan of the largest platforms. */
const LONGEST = 2 ** 30;

/** Plans in the folders of stacks. @param only names of stacks; all that have a plan where there is none */
export function findPlans(outdir: string, only: readonly string[]): readonly string[] {
  const folder = join(outdir, "stacks");
  const stacks = existsSync(folder)
    ? readdirSync(folder).filter((name) => only.length === 0 || only.includes(name))
    : [];
  return stacks.flatMap((stack) => {
    const name = NAMES.find((candidate) => existsSync(join(folder, stack, candidate)));
    return name === undefined ? [] : [join(folder, stack, name)];
  });
}

/**
 * @param file of a plan, as JSON or as Terraform saved it
 * @throws UsageError that names the file, where it is no plan that can be read
 */
export async function openPlan(file: string): Promise<StackChange> {
  const path = resolve(file);
  const name = relative(process.cwd(), path) || path;
  const stack = stackOf(path);
  try {
    const content = readFileSync(path);
    const isSaved = content.subarray(0, ZIP.length).toString("latin1") === ZIP;
    const text = isSaved ? await show(path) : content.toString("utf8");
    const synthesized = synthesizedBeside(path, stack);
    return readPlan(text, { stack, ...(synthesized && { synthesized }) });
  } catch (error) {
    if (error instanceof PlanError) throw new UsageError(`${name} ${error.message}`);
    if (error instanceof UsageError) throw error;
    if ((error as NodeJS.ErrnoException).code === "ENOENT") throw new UsageError(`there is no plan at ${name}`);
    if ((error as NodeJS.ErrnoException).code === "EISDIR")
      throw new UsageError(`${name} is a folder; name the plan in it`);
    throw error;
  }
}

/** The folder of a stack has its name; a plan that lies elsewhere is called as its stack: `aws-platform.json`. */
function stackOf(path: string): string {
  const folder = dirname(path);
  return basename(dirname(folder)) === "stacks" ? basename(folder) : basename(path).replace(/\.json$|\.tfplan$/, "");
}

function synthesizedBeside(path: string, stack: string): SynthesizedStack | undefined {
  return existsSync(join(dirname(path), "cdk.tf.json")) && basename(dirname(path)) === stack
    ? readSynthesizedStack(join(dirname(path), "..", ".."), stack)
    : undefined;
}

async function show(path: string): Promise<string> {
  try {
    const { stdout } = await run(
      "terraform",
      [`-chdir=${dirname(path)}`, "show", "-json", "-no-color", basename(path)],
      {
        maxBuffer: LONGEST,
      },
    );
    return stdout;
  } catch (error) {
    const { code, stderr = "" } = error as { code?: unknown; stderr?: string };
    throw new UsageError(
      code === "ENOENT"
        ? `${path} is a saved plan, and there is no terraform to read it; bring its JSON: terraform show -json ${basename(path)} > plan.json`
        : `terraform cannot show ${path}: ${stderr.trim().split("\n").slice(0, 4).join(" ") || "it failed"}`,
    );
  }
}
