/** Findings of the policies for code scanning: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
import type { PlanRule, Violation } from "../../policies/plan/rule";
import type { Review } from "../review";

/** @param config path of the config in the repository: findings point at it, for there is no line that one comes from */
export function renderSarif(review: Review, rules: readonly PlanRule[], version: string, config: string): string {
  const used = rules.filter(({ id }) => review.policies.violations.some(({ rule }) => rule === id));
  return `${JSON.stringify(
    {
      $schema: "https://json.schemastore.org/sarif-2.1.0.json",
      version: "2.1.0",
      runs: [
        {
          tool: {
            driver: {
              name: "stackyard",
              semanticVersion: version,
              rules: used.map(({ id, severity, why, fix, links }) => ({
                id,
                shortDescription: { text: why },
                help: { text: [fix, ...links].join("\n") },
                ...(links.find((link) => link.startsWith("https://")) !== undefined && {
                  helpUri: links.find((link) => link.startsWith("https://")),
                }),
                defaultConfiguration: { level: severity === "deny" ? "error" : "warning" },
              })),
            },
          },
          results: review.policies.violations.map((violation) => resultOf(violation, config)),
        },
      ],
    },
    undefined,
    2,
  )}\n`;
}

const resultOf = ({ rule, severity, stack, address, message, fix }: Violation, config: string): object => ({
  ruleId: rule,
  level: severity === "deny" ? "error" : "warning",
  message: { text: `${stack}: ${message}. ${fix}` },
  locations: [
    {
      physicalLocation: { artifactLocation: { uri: config }, region: { startLine: 1 } },
      logicalLocations: [{ fullyQualifiedName: `${stack}/${address}`, kind: "resource" }],
    },
  ],
  partialFingerprints: { "stackyard/v1": `${rule}/${stack}/${address}` },
});
