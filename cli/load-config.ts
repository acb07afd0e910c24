import { statSync } from "node:fs";
import { relative } from "node:path";
import { isConfigError } from "../config/problems";
import { isPlatform, type Platform } from "../config/platform";
import { UsageError } from "./usage-error";

/**
 * The platform that a config file exports.
 *
 * @param path absolute path of a TypeScript or JavaScript file whose default export is `definePlatform({ … })`.
 * @param load reads the file; by default Node's `require`, with whatever hooks it has.
 * @throws ConfigError with every problem of the config; UsageError where there is no config to have problems.
 */
export function loadConfig(path: string, load: (path: string) => unknown = requireIt): Platform {
  const name = relative(process.cwd(), path) || path;
  if (!statSync(path, { throwIfNoEntry: false })?.isFile())
    throw new UsageError(
      `there is no config at ${name}; create it, or name another with PLATFORM_CONFIG=path/to/platform.config.ts`,
    );
  const exported = evaluate(path, name, load);
  if (isPlatform(exported)) return exported;
  const found =
    exported === undefined
      ? "nothing as its default"
      : typeof exported === "object"
        ? "an object that definePlatform did not make"
        : `a ${typeof exported}`;
  throw new UsageError(`${name} exports ${found}; write: export default definePlatform({ … })`);
}

// eslint-disable-next-line @typescript-eslint/no-require-imports -- the path is only known now, and synth is synchronous
const requireIt = (path: string): unknown => require(path);

function evaluate(path: string, name: string, load: (path: string) => unknown): unknown {
  try {
    const module = load(path) as { default?: unknown };
    // An ES module's default export may come wrapped once more.
    const exported = module.default;
    return typeof exported === "object" && exported !== null && "default" in exported ? exported.default : exported;
  } catch (error) {
    if (isConfigError(error)) throw error;
    throw new UsageError(`${name} could not be read: ${describe(error)}`);
  }
}

/** The error's message, without the requiring files that Node adds to it and the causes that swc adds. */
function describe(error: unknown): string {
  const message =
    typeof error === "object" && error !== null && "message" in error ? String(error.message) : String(error);
  return message.split(/\nRequire stack:|\n\s*Caused by:/)[0]?.trim() ?? message;
}
