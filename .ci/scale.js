// Writes the stacks of many teams into a folder: node -r ./register.js .ci/scale.js TEAMS DIR.  See .ci/scale.
const { synthesize } = require("../cli/synthesize");
const { manyTeams } = require("../bench/many-teams");

const [, , teams, outdir] = process.argv;
synthesize({ platform: manyTeams(Number(teams)), outdir });
