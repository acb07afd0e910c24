import fc from "fast-check";
import { formatCpu, formatMemory, parseCpu, parseMemory, showCores, showGibibytes } from "../../config/quantities";

describe("CPU", () => {
  test.each([
    [8, 8000],
    [0.5, 500],
    [0.001, 1],
    [1.25, 1250],
    ["500m", 500],
    ["1m", 1],
  ])("%p is %p millicores", (written, millicores) => {
    expect(parseCpu(written)).toBe(millicores);
  });

  test.each([0, -1, 0.0005, NaN, Infinity, 1e21, "0m", "-5m", "0.5m", "8", "", "m", "1 m", null, undefined, {}, true])(
    "%p is no CPU",
    (written) => {
      expect(parseCpu(written)).toBeUndefined();
    },
  );

  test("what is formatted parses to the same", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), (millicores) => {
        const text = formatCpu(millicores);
        expect(parseCpu(text.endsWith("m") ? text : Number(text))).toBe(millicores);
      }),
    );
  });

  test("decimals are exact, as floating-point sums are not", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (millicores) => {
        expect(parseCpu(millicores / 1000)).toBe(millicores);
      }),
    );
  });
});

describe("memory", () => {
  test.each([
    ["1Mi", 2 ** 20],
    ["32Gi", 32 * 2 ** 30],
    ["1Ti", 2 ** 40],
    ["1.5Gi", 1.5 * 2 ** 30],
    ["0.5Mi", 2 ** 19],
  ])("%p is %p bytes", (written, bytes) => {
    expect(parseMemory(written)).toBe(bytes);
  });

  test.each([
    "4GB",
    "4G",
    "4",
    "4gi",
    "-1Gi",
    "0Gi",
    "0.3Gi",
    "0.0000001Mi",
    "1e3Gi",
    " 1Gi",
    "Gi",
    ".5Gi",
    "9999999Ti",
    4,
    null,
    undefined,
  ])("%p is no memory", (written) => {
    expect(parseMemory(written)).toBeUndefined();
  });

  test("what is formatted in whole mebibytes parses to the same", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 30 }), (mebibytes) => {
        expect(parseMemory(formatMemory(mebibytes * 2 ** 20))).toBe(mebibytes * 2 ** 20);
      }),
    );
  });

  test("the largest unit without a fraction is chosen, as the API server does", () => {
    expect([
      formatMemory(1024 * 2 ** 20),
      formatMemory(1.5 * 2 ** 30),
      formatMemory(2 ** 40),
      formatMemory(2 ** 19),
      formatMemory(3),
    ]).toEqual(["1Gi", "1536Mi", "1Ti", "512Ki", "3"]);
  });
});

test("people see cores and GiB with at most one decimal", () => {
  expect([showCores(8000), showCores(15740), showGibibytes(32 * 2 ** 30), showGibibytes(1.25 * 2 ** 30)]).toEqual([
    "8",
    "15.7",
    "32",
    "1.3",
  ]);
});
