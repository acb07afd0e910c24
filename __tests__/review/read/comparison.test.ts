import { parseSynthesizedStack } from "../../../policies/plan/synthesized-stack";
import { compareStacks } from "../../../review/read/comparison";

const stack = (resources: object) => parseSynthesizedStack("s", JSON.stringify({ resource: resources }));
const vpc = (cidr: string) => ({ aws_vpc: { v: { cidr_block: cidr } } });
const actions = (before: object | undefined, after: object | undefined) =>
  compareStacks("s", before && stack(before), after && stack(after)).changes.map(({ address, action }) => [
    address,
    action,
  ]);

test("what is the same stays", () => {
  expect(actions(vpc("10.0.0.0/16"), vpc("10.0.0.0/16"))).toEqual([["aws_vpc.v", "none"]]);
});

test("a well-known attribute makes another object", () => {
  const [change] = compareStacks("s", stack(vpc("10.0.0.0/16")), stack(vpc("10.8.0.0/16"))).changes;
  expect(change).toMatchObject({ action: "replace", replacePaths: [["cidr_block"]] });
});

test("a stack that comes is created whole, and one that goes is destroyed whole", () => {
  expect(actions(undefined, vpc("10.0.0.0/16"))).toEqual([["aws_vpc.v", "create"]]);
  expect(actions(vpc("10.0.0.0/16"), undefined)).toEqual([["aws_vpc.v", "delete"]]);
});

test("what refers to an object, and what waits for it, is known", () => {
  const after = stack({
    aws_vpc: { v: {} },
    aws_subnet: { s: { vpc_id: "${aws_vpc.v.id}" } },
    helm_release: { r: { depends_on: ["aws_subnet.s"] } },
  });
  expect([...compareStacks("s", undefined, after).references]).toEqual([
    ["aws_vpc.v", []],
    ["aws_subnet.s", ["aws_vpc.v"]],
    ["helm_release.r", ["aws_subnet.s"]],
  ]);
});

test("it says what it cannot know", () => {
  expect(compareStacks("s", stack(vpc("10.0.0.0/16")), stack(vpc("10.0.0.0/16"))).notes).toEqual([
    expect.stringContaining("without state"),
  ]);
});
