#!/usr/bin/env node
// The command `stackyard`. In the repository it runs the sources; from the package, what was built from them.
const { existsSync } = require("node:fs");
const { join, resolve } = require("node:path");

const root = join(__dirname, "..");
const fromSources = existsSync(join(root, "cli", "stackyard.ts"));
if (fromSources) require("../register");
// Of versions to come: those that are pinned run on every Node that package.json allows.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
const { stackyard } = require(fromSources ? "../cli/stackyard.ts" : "../dist/cli/stackyard.js");

// `npx stackyard leftovers … | head`: whoever stops reading wants no more, and no stack trace either.
process.stdout.on("error", (error) => {
  if (error.code !== "EPIPE") throw error;
});

/** A project's config is TypeScript, and Node before 22.18 does not read that by itself. */
const load = (path) => require("jiti").createJiti(__filename, { interopDefault: false })(path);

stackyard(process.argv.slice(2), {
  config: resolve(process.env.PLATFORM_CONFIG || join(fromSources ? root : process.cwd(), "platform.config.ts")),
  colors: process.stdout.isTTY && process.env.NO_COLOR === undefined,
  ...(!fromSources && { load }),
}).then((code) => {
  process.exitCode = code;
});
