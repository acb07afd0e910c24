import type { Colors } from "picocolors/types";
import type { Surroundings } from "../stacks/operations";

/** What subcommands share. */
export interface CommandContext {
  readonly config: string;
  readonly colors: Colors;
  readonly load: ((path: string) => unknown) | undefined;
  readonly surroundings: Surroundings;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  readonly print: (text: string) => void;
  /** Ends with another exit code than 0. */
  readonly exit: (code: number) => void;
}
