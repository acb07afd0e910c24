/** Libraries that take long to load, and mind no objects of another realm: loaded once in each worker. */
const LARGE =
  "/(cdktf|constructs|@cdktf|typescript|yaml|zod|fast-check|ajv|@cyclonedx|@aws-sdk|@smithy|@azure|@azure-rest)/";

/** @type {import("jest").Config} */
module.exports = {
  // Holds on to the bindings from file to file, which is most of the time.
  testEnvironment: "<rootDir>/__tests__/support/environment.js",
  testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
  transform: {
    [`/node_modules${LARGE}`]: "<rootDir>/__tests__/support/once.js",
    "\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } },
    ],
  },
  transformIgnorePatterns: [`/node_modules(?!${LARGE})`],
  // What commands synthesize, they too synthesize outside of Jest.
  moduleNameMapper: { "^\\./synthesize$": "<rootDir>/__tests__/support/synthesize.ts" },
  modulePathIgnorePatterns: ["<rootDir>/dist"],
  // cdktf and the bindings are large: a worker that has grown starts afresh.
  workerIdleMemoryLimit: "1GB",
  maxWorkers: 2,
  // The first synth of a worker loads the bindings of every cloud.
  testTimeout: 60_000,
};
