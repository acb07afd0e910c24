/** In the place of cli/synthesize.ts (see jest.config.js): the same, run outside of Jest. */
import { UsageError } from "../../cli/usage-error";
import { outside } from "./synth";

type Outside = ReturnType<typeof outside>;

export const synthesize: Outside["synthesize"] = (options) => inWords(() => outside().synthesize(options));
export const synthesizeInPassing: Outside["synthesizeInPassing"] = (platform, stacks, only) =>
  inWords(() => outside().synthesizeInPassing(platform, stacks, only));

/** The error that whoever calls from in here knows. */
function inWords<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { name, message } = error as Error;
    throw name === "UsageError" ? new UsageError(message) : error;
  }
}
