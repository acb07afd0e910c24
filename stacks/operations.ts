/** The seam of the `stackyard` command: what a kind of cluster can do beside Terraform, and in which words it answers. */

/** Each kind of cluster answers in stacks/<cloud>/operations/, which knows the cloud's API but not cdktf. */
export interface Operations {
  /** Looks at all that the first deploy of a stack needs; changes nothing. @param types those of its resources and data sources */
  readonly preflight: (stack: string, types: ReadonlySet<string>) => Promise<readonly Finding[]>;
  /** The policy of whoever plans or deploys a stack with these types, as the cloud wants it written. */
  readonly permissions: (stack: string, types: ReadonlySet<string>, planOnly: boolean) => unknown;
  /** Looks for what a destroy has left behind; changes nothing. */
  readonly leftovers: () => Promise<Leftovers>;
  /** Makes what the state lies in, as far as it is not there yet. */
  readonly bootstrap: (options: BootstrapOptions) => Promise<readonly Step[]>;
}

export interface BootstrapOptions {
  /** Only says what it would make. */
  readonly dryRun: boolean;
  /** Also changes what somebody else's account has for everything in it. @default false */
  readonly harden?: boolean;
}

/** `error` stops the deploy, `warn` may hurt later or could not be looked at. */
export type Severity = "ok" | "warn" | "error";

export interface Finding {
  readonly severity: Severity;
  /** What was looked at. */
  readonly subject: string;
  readonly found: string;
  /** What to do. @default - nothing: all is well */
  readonly fix?: string;
}

/** Something that is still there. */
export interface Leftover {
  readonly type: string;
  readonly id: string;
  /** Why it is taken for the cluster's. */
  readonly why: string;
  /** The command that removes it. */
  readonly remove: string;
}

export interface Leftovers {
  /** In the order in which they can be removed. */
  readonly left: readonly Leftover[];
  /** What was deleted, and that the cloud keeps until a day. @default - nothing */
  readonly waiting?: readonly string[];
  /** What could not be looked at, and why. */
  readonly unseen: readonly string[];
  /** The cluster itself still runs: what is listed is in use. */
  readonly running: boolean;
}

export interface Step {
  readonly what: string;
  /** `planned` is what a dry run would have made; `left` is what is not so, and would change more than the state: only `harden` makes it. */
  readonly outcome: "made" | "planned" | "left" | "already so";
}

/** What a command looks at beside the cloud's API. Tests bring their own. */
export interface Surroundings {
  /** Name servers of a domain, as public DNS answers; rejects where it does not resolve. */
  readonly nameServers: (domain: string) => Promise<readonly string[]>;
  /** What a tool on the PATH prints, else what it complains of; undefined where it is not there. */
  readonly output: (tool: string, args: readonly string[]) => Promise<string | undefined>;
}

/** A command cannot go on, and a sentence says why and what to do; no stack trace helps. */
export class OperationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "OperationError";
  }
}
