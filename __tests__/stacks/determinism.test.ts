import { definePlatform } from "../../config/define-platform";
import type { PlatformInput } from "../../config/input";
import { platformOf, smallConfig, type Draft } from "../support/config";
import { KINDS, ofType, synth, synthText } from "../support/synth";

function reversed(value: Draft): Draft {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversed(inner)]),
  );
}

const rich = (d: Draft): void => {
  d.tags = { z: "1", a: "2" };
  d.components = { gitea: { values: { z: 1, a: { y: 2, b: 3 } } } };
  d.teams.web.nodePools.main.labels = { "example.com/z": "1", "example.com/a": "2" };
};

test.each(KINDS)("%s: the order of the config's keys makes no difference, and two runs give the same", (kind) => {
  const input = smallConfig() as Draft;
  rich(input);
  const name = `${kind}-platform`;
  const first = synthText(definePlatform(input as PlatformInput), name);
  expect(synthText(definePlatform(input as PlatformInput), name)).toBe(first);
  expect(synthText(definePlatform(reversed(input) as PlatformInput), name)).toBe(first);
});

test("nothing of this machine is in a stack", () => {
  for (const kind of KINDS)
    expect(synthText(platformOf(rich), `${kind}-platform`)).not.toMatch(/\/home\/|\/root\/|\/work\/|\/tmp\//);
});

test("two clusters on one cloud share no name and no range", () => {
  const platform = platformOf((d) => {
    d.clusters["aws-second"] = {
      ...d.clusters["aws-platform"],
      domain: "second.acme.example",
      network: { cidr: "10.2.0.0/16" },
    };
  });
  const [first, second] = [synth(platform, "aws-platform"), synth(platform, "aws-second")];
  const names = (stack: typeof first) =>
    ["aws_eks_cluster", "aws_iam_role", "aws_sqs_queue", "aws_kms_alias", "aws_cloudwatch_log_group"].flatMap((type) =>
      ofType(stack, type).map(({ attributes }) => attributes["name"]),
    );
  expect(names(first).length).toBeGreaterThan(8);
  expect(names(first).filter((name) => names(second).includes(name ?? null))).toEqual([]);
  expect(first.resources.map(({ address }) => address)).toEqual(second.resources.map(({ address }) => address));
});
