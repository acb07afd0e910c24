/** What is wrong with a config, said once for people and once for tools. */

/** One finding. `path` is where it stands in the config (`teams.checkout.quota.cpu`), `rule` the id of the rule that found it. */
export interface Problem {
  readonly rule: string;
  readonly path: string;
  /** What is there, what is allowed and what to do, without a full stop. */
  readonly message: string;
}

const CONFIG_ERROR = Symbol.for("stackyard.ConfigError");

/** Thrown by `definePlatform`: every problem of the config at once. Its message is all that a user needs to see. */
export class ConfigError extends Error {
  readonly [CONFIG_ERROR] = true;

  constructor(readonly problems: readonly Problem[]) {
    super(describe(problems));
    this.name = "ConfigError";
  }
}

/** True for errors of any copy of this library, so that a bundled and an installed copy agree. */
export function isConfigError(error: unknown): error is ConfigError {
  return typeof error === "object" && error !== null && CONFIG_ERROR in error;
}

function describe(problems: readonly Problem[]): string {
  const head =
    problems.length === 1
      ? "the platform's config has 1 problem:"
      : `the platform's config has ${problems.length} problems:`;
  return [head, ...problems.map(formatProblem)].join("\n\n");
}

/** `  teams.checkout.quota.cpu  [quantity]` and below it the message, indented. */
export function formatProblem(problem: Problem): string {
  const lines = problem.message.split("\n").map((line) => `    ${line}`);
  return [`  ${problem.path || "(the config)"}  [${problem.rule}]`, ...lines].join("\n");
}
