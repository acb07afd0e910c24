import { PUBLIC_REGISTRIES, type Registries } from "../../config/registries";
import { pathBelow, type SynthesizedResource, type SynthesizedStack } from "./synthesized-stack";

/** `deny` stops synth, `npm start` and review with exit code 3; `warn` is shown: what the config has a key for, somebody wanted. */
export type Severity = "deny" | "warn";

/** What a rule may know beside the stack. A `Platform` is one. */
export interface RuleContext {
  /** Mirrors that the config names. */
  readonly registries: Registries;
}

/** A typed rule over synthesized stacks. */
export interface PlanRule {
  /** Stands in every finding and in docs/policies.md. */
  readonly id: string;
  readonly severity: Severity;
  /** What goes wrong without it. */
  readonly why: string;
  /** What to do about a finding. */
  readonly fix: string;
  /** Where to read on: addresses, and the ids that auditors use, such as `CIS EKS 5.4.1` and checkov's. */
  readonly links: readonly string[];
  /** It looks at changes, which a plan or a comparison knows and synth does not. @default false */
  readonly ofChanges?: boolean;
  /** Never asks anything but its arguments. A rule about changes finds nothing where `stack.changes` is not known. */
  readonly check: (stack: SynthesizedStack, context: RuleContext) => readonly RuleFinding[];
}

export interface RuleFinding {
  /** What it is about: a resource of the stack, or one of its changes. */
  readonly resource: Pick<SynthesizedResource, "address" | "path">;
  /** What was found. */
  readonly message: string;
}

export interface Violation {
  readonly rule: string;
  readonly severity: Severity;
  readonly stack: string;
  readonly address: string;
  /** Path of the construct below its stack: `network/vpc`. */
  readonly path: string;
  readonly message: string;
  readonly why: string;
  readonly fix: string;
  readonly links: readonly string[];
}

/**
 * All violations of all rules, denials first.
 *
 * @param context the platform, for what its config allows. @default - no mirrors
 */
export function applyRules(
  rules: readonly PlanRule[],
  stacks: readonly SynthesizedStack[],
  context: RuleContext = { registries: PUBLIC_REGISTRIES },
): Violation[] {
  const violations = stacks.flatMap((stack) =>
    rules.flatMap(({ id, severity, why, fix, links, check }) =>
      check(stack, context).map(({ resource: { address, path }, message }): Violation => ({
        rule: id,
        severity,
        stack: stack.name,
        address,
        path: pathBelow(stack.name, path),
        message,
        why,
        fix,
        links,
      })),
    ),
  );
  return [
    ...violations.filter(({ severity }) => severity === "deny"),
    ...violations.filter(({ severity }) => severity === "warn"),
  ];
}
