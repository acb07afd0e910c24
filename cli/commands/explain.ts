import { readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { Command } from "commander";
import { inputOf, type Platform } from "../../config/platform";
import { show } from "../../config/shape";
import type { Json } from "../../policies/plan/synthesized-stack";
import type { CommandContext } from "../command-context";
import { linesOf, type LineOf } from "../explain/config-lines";
import type { ExplainedObject } from "../explain/compare";
import { explainAddress, MOST_SYNTHS, type ExplainedAddress, type Origin } from "../explain/explain-address";
import { explainPath, type ExplainedPath, type ExplainedStack } from "../explain/explain-path";
import { readPath, type Path } from "../explain/path";
import { synthesizer } from "../lazy";
import { CONFIG_OPTION, loadPlatform, stacksNamed, type TargetOptions } from "../operations";
import { startProgress } from "../progress";

interface ExplainOptions extends TargetOptions {
  readonly stack?: string;
  readonly json?: boolean;
}

export function addExplain(program: Command, context: CommandContext): void {
  program
    .command("explain <place>")
    .description(
      "say what a value of the config becomes (teams.checkout.quota.cpu), or which lines an object comes from (helm_release.…)",
    )
    .option(...CONFIG_OPTION)
    .option("--stack <name>", "look at this stack only (at all stacks by default)")
    .option("--json", "print JSON")
    .action((place: string, options: ExplainOptions) => {
      const platform = loadPlatform(options, context);
      const stacks = stacksNamed(platform, options.stack === undefined ? [] : [options.stack]);
      const file = resolve(options.config ?? context.config);
      const where = new Where(file);
      const { synthesizeInPassing } = synthesizer();
      const progress = startProgress();
      // Who is not at a terminal gets the answer alone.
      const onStep = process.stderr.isTTY ? progress.step : () => undefined;
      if (isAddress(place, platform)) {
        const explained = explainAddress(platform, place, stacks, synthesizeInPassing, { onStep });
        progress.done();
        context.print(options.json ? json(addressAsJson(explained, where)) : showAddress(explained, where, context));
      } else {
        const explained = explainPath(platform, place, stacks, synthesizeInPassing, onStep);
        progress.done();
        context.print(options.json ? json(pathAsJson(explained, where)) : showPathFound(explained, where, context));
      }
    });
}

const json = (value: unknown): string => JSON.stringify(value, undefined, 2);

/** Types of Terraform have underscores, and the config's sections have none. */
const isAddress = (place: string, platform: Platform): boolean =>
  /^((data\.)?[a-z0-9]+(_[a-z0-9]+)+|provider|terraform|import|output)\.[\w-]+/.test(place) &&
  readPath(place, inputOf(platform)).path.length === 0;

/** Lines of the config's file, which is read when the first is asked for. */
class Where {
  private lineOf: LineOf | undefined;
  private readonly name: string;

  constructor(private readonly file: string) {
    this.name = relative(process.cwd(), file) || file;
  }

  /** `platform.config.ts:67`; with `~` where the value is made there and does not stand there. */
  of(path: Path): { readonly file: string; readonly line?: number; readonly exact?: boolean } {
    this.lineOf ??= linesOf(readFileSync(this.file, "utf8"), this.file);
    return { file: this.name, ...this.lineOf(path) };
  }

  text(path: Path): string {
    const { file, line, exact } = this.of(path);
    return `${file}${line === undefined ? "" : `:${exact === true ? "" : "~"}${line}`}`;
  }
}

const pathAsJson = ({ place, ...explained }: ExplainedPath, where: Where) => ({
  ...explained,
  ...where.of(place),
});

const addressAsJson = ({ origins, ...explained }: ExplainedAddress, where: Where) => ({
  ...explained,
  origins: origins.map(({ place, ...origin }) => ({ ...origin, ...where.of(place) })),
});

function showPathFound(explained: ExplainedPath, where: Where, { colors }: CommandContext): string {
  const { path, place, value, stacks, rules } = explained;
  const is = value === undefined ? "is left out" : `= ${show(value)}`;
  return [
    `${colors.bold(path)} ${is}  ${colors.dim(where.text(place))}`,
    ...stacks.map((stack) => showStack(stack, colors)),
    ...(rules.length > 0
      ? [`checked by\n${rules.map((rule) => `  ${rule.rule}  ${colors.dim(rule.path)}`).join("\n")}`]
      : []),
  ].join("\n\n");
}

function showStack({ stack, objects, reason }: ExplainedStack, colors: CommandContext["colors"]): string {
  const lines = objects.flatMap((object) => showObject(object, colors));
  return [colors.bold(stack), ...(reason === undefined ? [] : [`  ${reason}`]), ...lines].join("\n");
}

function showObject({ address, what, whole, fields }: ExplainedObject, colors: CommandContext["colors"]): string[] {
  const all = { made: "  all of it", "only with another value": "  only with another value" };
  return [
    `  ${address}  ${colors.dim(what)}${whole ? all[whole] : ""}`,
    ...fields.map((field) => `    ${field.field}${valueOf(field.value)}`),
  ];
}

const valueOf = (value: Json | undefined): string =>
  value === undefined ? "  (with another value)" : ` = ${show(value)}`;

function showAddress(explained: ExplainedAddress, where: Where, { colors }: CommandContext): string {
  const { address, what, construct, stack, alsoIn, origins, complete, synths } = explained;
  return [
    [
      `${colors.bold(address)}  ${colors.dim(what)}`,
      `in ${[stack, ...alsoIn].join(", ")}; the construct is ${construct}`,
      ...(alsoIn.length > 0 ? [`looked at in ${stack}; --stack chooses another`] : []),
    ].join("\n"),
    origins.length === 0
      ? "nothing in the config makes it another: the platform brings it as it is"
      : origins.map((origin) => showOrigin(origin, where, colors)).join("\n"),
    ...(complete
      ? []
      : [
          synths >= MOST_SYNTHS
            ? `not looked into any further after ${synths} synths`
            : `looked at by ${synths} synths; what has something below it could not be built with other values`,
        ]),
  ].join("\n\n");
}

function showOrigin(
  { path, value, place, how, fields }: Origin,
  where: Where,
  colors: CommandContext["colors"],
): string {
  const says = { made: "  without it there is none", fields: "", within: "  something below it" };
  return [
    `${where.text(place)}  ${colors.bold(path || "the config")}${value === undefined ? "" : ` = ${show(value)}`}${says[how]}`,
    ...fields.map((field) => `    ${field.field}${valueOf(field.value)}`),
  ].join("\n");
}
