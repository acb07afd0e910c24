/** What somebody answers for is said, and no longer denied; for a time. */
import { PUBLIC_REGISTRIES } from "../../config/registries";
import type { Waiver } from "../../config/waivers";
import { checkStacks } from "../../policies/plan/check";
import type { Violation } from "../../policies/plan/rule";
import { applyWaivers, teamOf } from "../../policies/plan/waivers";

const violation: Violation = {
  rule: "logs-kept",
  severity: "deny",
  stack: "aws-platform",
  address: "aws_cloudwatch_log_group.flow-logs_logs_1",
  path: "flow-logs/logs",
  message: "m",
  why: "w",
  fix: "f",
  links: [],
};
const ofTeam: Violation = { ...violation, path: "teams/web/team-web/quota" };
const waiver: Waiver = {
  rule: "logs-kept",
  stack: "aws-platform",
  path: "flow-logs",
  reason: "archived elsewhere",
  owner: "platform",
  until: "2027-03-31",
};
const of = ({ path: _, ...rest }: Waiver, scope: Partial<Waiver>): Waiver => ({ ...rest, ...scope });

test.each([
  ["its address", violation, of(waiver, { address: violation.address })],
  ["its path", violation, of(waiver, { path: "flow-logs/logs" })],
  ["a path above it", violation, waiver],
  ["its team", ofTeam, of(waiver, { team: "web" })],
])("a waiver of %s holds", (_what, found, given) => {
  expect(applyWaivers([found], [given])).toEqual({
    violations: [],
    waived: [{ violation: found, waiver: given }],
    expired: [],
    unused: [],
  });
});

test.each([
  ["another rule", violation, { ...waiver, rule: "audit-logs" }],
  ["another stack", violation, { ...waiver, stack: "azure-platform" }],
  ["another address", violation, of(waiver, { address: "aws_vpc.x" })],
  ["a path that only begins alike", violation, of(waiver, { path: "flow" })],
  ["another team", ofTeam, of(waiver, { team: "we" })],
  ["a team, of what all share", violation, of(waiver, { team: "web" })],
])("a waiver of %s is about nothing", (_what, found, given) => {
  expect(applyWaivers([found], [given])).toEqual({ violations: [found], waived: [], expired: [], unused: [given] });
});

describe("its day", () => {
  const result = (today?: string) => applyWaivers([violation], [waiver], today);

  test("does not count where there is no clock", () => {
    expect(result()).toMatchObject({ violations: [], waived: [{ violation }], expired: [] });
  });

  test("is the last on which it holds", () => {
    expect(result("2027-03-31")).toMatchObject({ violations: [], waived: [{ violation }], expired: [] });
  });

  test("is over on the next: it denies again, and is not unused", () => {
    expect(result("2027-04-01")).toEqual({
      violations: [violation],
      waived: [],
      expired: [{ violation, waiver }],
      unused: [],
    });
  });

  test("may be over where another waiver holds", () => {
    const renewed = { ...waiver, until: "2028-03-31" };
    expect(applyWaivers([violation], [waiver, renewed], "2027-04-01")).toEqual({
      violations: [],
      waived: [{ violation, waiver: renewed }],
      expired: [],
      unused: [],
    });
  });
});

test("a waiver of a rule that does not exist is a mistake in the config", () => {
  const platform = { registries: PUBLIC_REGISTRIES, waivers: [waiver, { ...waiver, rule: "log-kept" }] };
  expect(() => checkStacks(platform, [])).toThrow(
    /waivers\.1\.rule {2}\[unknown-rule\]\n.*there is no policy "log-kept", did you mean "logs-kept"\?/,
  );
});

test.each([
  ["teams/web/team-web/quota", "web"],
  ["node-pools/web/chart/release", "web"],
  ["team-vaults/web", "web"],
  ["network/vpc", undefined],
  ["team-releases/namespace", undefined],
])("%s belongs to %s", (path, team) => {
  expect(teamOf({ path })).toBe(team);
});
