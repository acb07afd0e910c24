import type { SynthesizedResource, SynthesizedStack } from "./synthesized-stack";

/** `deny` stops synth, `npm start` and review with exit code 3; `warn` is shown. */
export type Severity = "deny" | "warn";

/** A typed rule over synthesized stacks. */
export interface PlanRule {
  /** Stands in every finding and in docs/policies.md. */
  readonly id: string;
  readonly severity: Severity;
  /** What goes wrong without it. */
  readonly why: string;
  /** What to do about a finding. */
  readonly fix: string;
  readonly check: (stack: SynthesizedStack) => readonly RuleFinding[];
}

export interface RuleFinding {
  readonly resource: SynthesizedResource;
  /** What was found. */
  readonly message: string;
}

export interface Violation {
  readonly rule: string;
  readonly severity: Severity;
  readonly stack: string;
  readonly address: string;
  readonly message: string;
  readonly why: string;
  readonly fix: string;
}

/** All violations of all rules, denials first. */
export function applyRules(rules: readonly PlanRule[], stacks: readonly SynthesizedStack[]): Violation[] {
  const violations = stacks.flatMap((stack) =>
    rules.flatMap(({ id, severity, why, fix, check }) =>
      check(stack).map(({ resource, message }): Violation => ({
        rule: id,
        severity,
        stack: stack.name,
        address: resource.address,
        message,
        why,
        fix,
      })),
    ),
  );
  return [
    ...violations.filter(({ severity }) => severity === "deny"),
    ...violations.filter(({ severity }) => severity === "warn"),
  ];
}
