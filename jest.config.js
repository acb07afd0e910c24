/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
  transform: {
    "\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } },
    ],
  },
  modulePathIgnorePatterns: ["<rootDir>/dist"],
  // cdktf and the bindings are large: a worker that has grown starts afresh.
  workerIdleMemoryLimit: "1GB",
  maxWorkers: 2,
  // The first synth of a file loads the bindings of every cloud.
  testTimeout: 60_000,
};
