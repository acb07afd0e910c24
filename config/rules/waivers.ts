/** A waiver says exactly what it is about, and that is there. Its rule is looked up where the rules are known: cli/synthesize.ts. */
import { allStacks } from "../layers";
import { WAIVER_SCOPES } from "../waivers";
import { suggest } from "../zod";
import type { Finding, Rule } from "./rule";

export const WAIVER_RULES: readonly Rule[] = [
  {
    id: "waiver-scope",
    severity: "error",
    check: ({ waivers }) =>
      waivers.flatMap((waiver, index): Finding[] => {
        const given = WAIVER_SCOPES.filter((key) => waiver[key] !== undefined);
        if (given.length === 1) return [];
        return [
          {
            path: `waivers.${index}`,
            message:
              given.length === 0
                ? "says only which stack; add the address, the path of the construct, or the team that it is about"
                : `has ${given.join(" and ")}; keep one of them`,
          },
        ];
      }),
  },
  {
    id: "unknown-stack",
    severity: "error",
    check: (platform) => {
      const stacks = allStacks(platform).map(({ name }) => name);
      return platform.waivers.flatMap(({ stack }, index): Finding[] =>
        stacks.includes(stack)
          ? []
          : [{ path: `waivers.${index}.stack`, message: `there is no stack "${stack}"${suggest(stack, stacks)}` }],
      );
    },
  },
  {
    id: "unknown-team",
    severity: "error",
    check: ({ waivers, teams }) => {
      const names = teams.map(({ name }) => name);
      return waivers.flatMap(({ team }, index): Finding[] =>
        team === undefined || names.includes(team)
          ? []
          : [
              {
                path: `waivers.${index}.team`,
                message: `there is no team "${team}" under teams${suggest(team, names)}; for one that leaves, name the path teams/${team}`,
              },
            ],
      );
    },
  },
];
