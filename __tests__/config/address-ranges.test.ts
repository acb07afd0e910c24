import fc from "fast-check";
import { contains, exceptionsOf, hostAddress, overlap, subnet } from "../../config/address-ranges";

const octet = fc.integer({ min: 0, max: 255 });
const range = fc
  .tuple(octet, octet, fc.integer({ min: 8, max: 24 }))
  .map(([a, b, prefix]) => subnet("0.0.0.0/0", prefix, Math.floor(((a * 256 + b) * 65536) / 2 ** (32 - prefix))));

test("subnets of one range are disjoint and inside it", () => {
  fc.assert(
    fc.property(range, fc.integer({ min: 1, max: 6 }), fc.nat(63), fc.nat(63), (outer, bits, a, b) => {
      const [first, second] = [a % 2 ** bits, b % 2 ** bits];
      const [one, other] = [subnet(outer, bits, first), subnet(outer, bits, second)];
      expect(contains(outer, one)).toBe(true);
      expect(overlap(one, other)).toBe(first === second);
    }),
  );
});

test("overlap is symmetric, and containing is the stronger of the two", () => {
  fc.assert(
    fc.property(range, range, (a, b) => {
      expect(overlap(a, b)).toBe(overlap(b, a));
      if (contains(a, b)) expect(overlap(a, b)).toBe(true);
    }),
  );
});

test.each([
  ["10.0.0.0/16", 2, 1, "10.0.64.0/18"],
  ["10.0.0.0/16", 6, 48, "10.0.192.0/22"],
  ["192.168.128.0/17", 1, 1, "192.168.192.0/18"],
])("subnet(%p, %p, %p) is %p", (outer, bits, index, expected) => {
  expect(subnet(outer, bits, index)).toBe(expected);
});

test("there is no subnet beyond the last", () => {
  expect(() => subnet("10.0.0.0/16", 2, 4)).toThrow("10.0.0.0/16 has no subnet 4 of /18");
  expect(() => subnet("10.0.0.0/30", 4, 0)).toThrow("10.0.0.0/30 has no subnet 0 of /34");
});

test("a host's address counts from the range's start", () => {
  expect(hostAddress("172.16.0.0/16", 10)).toBe("172.16.0.10");
});

test.each([
  [
    "0.0.0.0/0",
    [
      "10.0.0.0/8",
      "100.64.0.0/10",
      "168.63.129.16/32",
      "169.254.0.0/16",
      "172.16.0.0/12",
      "192.168.0.0/16",
      "51.0.0.0/16",
    ],
  ],
  ["10.0.0.0/8", ["10.1.0.0/16"]],
  ["10.1.0.0/16", []],
  ["10.1.2.0/24", []],
  ["10.2.0.0/16", []],
  ["168.0.0.0/7", ["168.63.129.16/32", "169.254.0.0/16"]],
])("outside of the clusters, %p is without %p", (cidr, except) => {
  expect(exceptionsOf(cidr, ["10.1.0.0/16", "51.0.0.0/16"])).toEqual(except);
});
