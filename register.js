// Runs the TypeScript sources as they are: `node -r ./register.js main.ts`. Types are checked by `npm run typecheck`, not here.
// tsx and @swc-node/register do the same and more, and cost 0.5 to 0.9 s at every start (docs/decisions/0005-speed.md).
const { transformSync } = require("@swc/core");
const { addHook } = require("pirates");

const options = {
  jsc: { parser: { syntax: "typescript" }, target: "es2022" },
  module: { type: "commonjs" },
  swcrc: false,
};

addHook((code, filename) => transformSync(code, { ...options, filename }).code, { exts: [".ts"] });
