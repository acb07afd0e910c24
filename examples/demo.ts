/** `npm run demo`: a pull request with four mistakes in it, as a finished review. Needs Node only: no cloud, no terraform, no network. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { createColors } from "picocolors";
import { synthesizeInPassing } from "../cli/synthesize";
import { definePlatform } from "../config/define-platform";
import type { PlatformInput } from "../config/input";
import { inputOf } from "../config/platform";
import example from "../platform.config";
import { checkStacks } from "../policies/plan/check";
import type { SynthesizedStack } from "../policies/plan/synthesized-stack";
import { compareStacks } from "../review/read/comparison";
import { judgedSide } from "../review/read/stack-change";
import { renderMarkdown } from "../review/render/markdown";
import { renderReviewPage } from "../review/render/page";
import { renderTerminal } from "../review/render/terminal";
import { reviewOf } from "../review/review";

const STACK = "aws-platform";

/** What somebody wrote who meant something else. */
function withMistakes(): ReturnType<typeof definePlatform> {
  const input = structuredClone(inputOf(example)) as Mutable<PlatformInput>;
  const cluster = input.clusters[STACK] as unknown as { network: { cidr: string } };
  // Another range is another network, and everything in it.
  cluster.network.cidr = "10.8.0.0/16";
  const { checkout } = input.teams;
  if (!checkout?.quota || !checkout.nodePools?.["general"])
    throw new Error("the example has a team checkout with a pool");
  // A zero too many; so that it fits, the pool has one more as well.
  checkout.quota = { cpu: 80, memory: "32Gi" };
  checkout.nodePools["general"].limits = { cpu: 480, memory: "1920Gi" };
  delete input.teams["ml"];
  return definePlatform(input);
}

type Mutable<Value> = Value extends object ? { -readonly [Key in keyof Value]: Mutable<Value[Key]> } : Value;

/** A bot's bump of one line of modules/helm/charts.ts. */
const withNewArgoCd = (stack: SynthesizedStack): SynthesizedStack => ({
  ...stack,
  resources: stack.resources.map((resource) =>
    resource.attributes["chart"] === "argo-cd"
      ? { ...resource, attributes: { ...resource.attributes, version: "11.0.0" } }
      : resource,
  ),
});

const [before] = synthesizeInPassing(example, [STACK]);
const [after] = synthesizeInPassing(withMistakes(), [STACK]);
if (!before || !after) throw new Error(`the example has a stack ${STACK}`);
const change = compareStacks(STACK, before, withNewArgoCd(after));
const review = reviewOf([change], checkStacks(example, [judgedSide(change)]));

const folder = join(__dirname, "..", "cdktf.out", "demo");
mkdirSync(folder, { recursive: true });
for (const stack of review.stacks)
  writeFileSync(join(folder, `${stack.name}.md`), renderMarkdown(stack, review.policies));
writeFileSync(join(folder, "index.html"), renderReviewPage(review));
writeFileSync(join(folder, "review.json"), `${JSON.stringify(review, undefined, 2)}\n`);
process.stdout.write(
  `${renderTerminal(review, createColors(process.stdout.isTTY))}\n\nthe comment of the pull request: ${relative(process.cwd(), join(folder, `${STACK}.md`))}\nthe page: ${pathToFileURL(join(folder, "index.html")).href}\n`,
);
