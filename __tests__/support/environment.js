// Where the tests run: Node, and a synth beside it. Jest loads every module again for every test file, the bindings of all clouds among
// them, and runs it in a vm in which cdktf needs twice the time. What is loaded from here is loaded once in each worker, outside of it.
const { sep } = require("node:path");
const { TestEnvironment } = require("jest-environment-node");
require("../../register");

const root = require.resolve("../../package.json").replace(/[^/\\]+$/, "");

module.exports = class extends TestEnvironment {
  constructor({ globalConfig, projectConfig }, context) {
    super({ globalConfig, projectConfig }, context);
    if (globalConfig.watch || globalConfig.watchAll) forgetOwnModules();
  }

  async setup() {
    await super.setup();
    this.global.synthesizedOutside = () => require("./outside");
    this.global.requiredOutside = require;
  }
};

/** A worker that goes on after an edit must read it. */
function forgetOwnModules() {
  for (const file of Object.keys(require.cache)) {
    if (file.startsWith(root) && !file.includes(`${sep}node_modules${sep}`)) delete require.cache[file];
  }
}
