/** Which findings somebody answers for. */
import type { Problem } from "../../config/problems";
import type { Waiver } from "../../config/waivers";
import { suggest } from "../../config/zod";
import type { PlanRule, Violation } from "./rule";

export interface WaivedViolation {
  readonly violation: Violation;
  readonly waiver: Waiver;
}

export interface Waived {
  /** What still counts. */
  readonly violations: readonly Violation[];
  /** What does not, and who answers for it. */
  readonly waived: readonly WaivedViolation[];
  /** What counts again, because the day has passed; among `violations`, too. */
  readonly expired: readonly WaivedViolation[];
  /** Waivers that were about nothing. They are only known to be that where every stack was looked at. */
  readonly unused: readonly Waiver[];
}

/**
 * Takes out what is waived. Several waivers may be about one finding: any that holds is enough.
 *
 * @param today an ISO date, the last day on which a waiver of that date holds. @default - no clock: waivers hold whatever their day, as in synth
 */
export function applyWaivers(violations: readonly Violation[], waivers: readonly Waiver[], today?: string): Waived {
  const holds = ({ until }: Waiver): boolean => today === undefined || today <= until;
  const found = violations.map((violation) => {
    const about = waivers.filter((waiver) => isAbout(waiver, violation));
    return { violation, about, waiver: about.find(holds) };
  });
  const used = new Set(found.flatMap(({ about }) => about));
  return {
    violations: found.filter(({ waiver }) => !waiver).map(({ violation }) => violation),
    waived: found.flatMap(({ violation, waiver }) => (waiver ? [{ violation, waiver }] : [])),
    expired: found.flatMap(({ violation, about: [last], waiver }) =>
      waiver || !last ? [] : [{ violation, waiver: last }],
    ),
    unused: waivers.filter((waiver) => !used.has(waiver)),
  };
}

/** One problem for each waiver of a rule that does not exist. */
export function unknownRules(waivers: readonly Waiver[], rules: readonly PlanRule[]): Problem[] {
  const ids = rules.map(({ id }) => id);
  return waivers.flatMap(({ rule }, index) =>
    ids.includes(rule)
      ? []
      : [
          {
            rule: "unknown-rule",
            path: `waivers.${index}.rule`,
            message: `there is no policy "${rule}"${suggest(rule, ids)}`,
          },
        ],
  );
}

function isAbout({ rule, stack, address, path, team }: Waiver, violation: Violation): boolean {
  if (rule !== violation.rule || stack !== violation.stack) return false;
  if (address !== undefined) return address === violation.address;
  if (path !== undefined) return `${violation.path}/`.startsWith(`${path}/`);
  return team !== undefined && team === teamOf(violation);
}

/** Steps of a stack that have one construct for each team. */
const BY_TEAM = /^(?:teams|node-pools|team-vaults)\/([^/]+)(?:\/|$)/;

/** The team whose object it is about. @default - it is about what all share, or nobody can tell */
export const teamOf = ({ path }: Pick<Violation, "path">): string | undefined => BY_TEAM.exec(path)?.[1];
