/** A few of the organisations that `.ci/organisations` goes through by the hundred. */
import fc from "fast-check";
import { allStacks } from "../config/layers";
import { definePlatform } from "../config/define-platform";
import type { PlatformInput } from "../config/input";
import { problemsOf } from "./support/config";
import { arithmetic, disturbed, wrongWith, type Stacks } from "./support/organisation-checks";
import { NEWCOMER, organisation, withNewcomer } from "./support/organisations";
import { synthText } from "./support/synth";

function stacksOf(input: PlatformInput): Stacks {
  const platform = definePlatform(input);
  return Object.fromEntries(allStacks(platform).map(({ name }) => [name, synthText(platform, name)]));
}

const valid = organisation.filter((input) => problemsOf(withNewcomer(input)).length === 0);

test("what an environment may ask has room for its teams and itself", () => {
  fc.assert(
    fc.property(valid, (input) => {
      expect(arithmetic(input, definePlatform(input).environments)).toEqual([]);
    }),
    { seed: 1, numRuns: 50 },
  );
});

test("stacks are what the config says, and a team that comes disturbs no other", () => {
  fc.assert(
    fc.property(valid, (input) => {
      const stacks = stacksOf(input);
      expect(wrongWith(input, stacks)).toEqual([]);
      expect(disturbed(input, stacks, stacksOf(withNewcomer(input)), NEWCOMER)).toEqual([]);
    }),
    { seed: 1, numRuns: 3 },
  );
});

describe("the checks themselves notice", () => {
  const [input] = fc.sample(
    valid.filter(
      ({ clusters, teams }) => "aws-platform" in clusters && Object.values(teams).some(({ nodePools }) => nodePools),
    ),
    { seed: 3, numRuns: 1 },
  ) as [PlatformInput];
  const stacks = stacksOf(input);
  const damaged = (from: RegExp, to: string): Stacks => {
    const changed = Object.entries(stacks).map(([name, text]) => [name, text.replace(from, to)] as const);
    expect(changed.some(([name, text]) => text !== stacks[name])).toBe(true);
    return Object.fromEntries(changed);
  };

  test.each([
    ["a quota that is larger", /("name": "team",\s*"namespace"[\s\S]*?"requests.cpu": ")/, "$19"],
    ["a namespace with another's label", /("pod-security[^}]*"stackyard.dev\/team": ")(?=[a-z])/, "$1other-"],
    ["a pool that is not there", /kind: NodePool(?=\\n)/g, "kind: Other"],
    ["a release with a long name", /"name": "team-/, `"name": "team-${"x".repeat(60)}`],
  ])("%s", (_what, from, to) => {
    expect(wrongWith(input, damaged(from, to))).not.toEqual([]);
  });
  test("an address that is gone, and a team's that has changed", () => {
    const grown = stacksOf(withNewcomer(input));
    expect(disturbed(input, stacks, {}, NEWCOMER)).not.toEqual([]);
    const other = Object.fromEntries(
      Object.entries(grown).map(([name, text]) => [
        name,
        text.replaceAll('"CC-', '"CD-').replaceAll("cost-center: CC-", "cost-center: CD-"),
      ]),
    );
    expect(disturbed(input, stacks, other, NEWCOMER)).not.toEqual([]);
  });
});
