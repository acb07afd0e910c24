/** @type {import("jest").Config} */
module.exports = {
  // Holds on to the bindings from file to file, which is most of the time.
  testEnvironment: "<rootDir>/__tests__/support/environment.js",
  testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
  transform: {
    "\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } },
    ],
  },
  // What commands synthesize, they too synthesize outside of Jest.
  moduleNameMapper: { "^\\./synthesize$": "<rootDir>/__tests__/support/synthesize.ts" },
  modulePathIgnorePatterns: ["<rootDir>/dist"],
  // cdktf and the bindings are large: a worker that has grown starts afresh.
  workerIdleMemoryLimit: "1GB",
  maxWorkers: 2,
  // The first synth of a worker loads the bindings of every cloud.
  testTimeout: 60_000,
};
