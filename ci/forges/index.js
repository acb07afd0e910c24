// Which forge a pipeline runs on, and how a script ends.
const { azureDevops } = require("./azure-devops");
const { github } = require("./github");
const { gitlab } = require("./gitlab");
const { Refused } = require("./http");

function forgeOf(env) {
  if (env.GITHUB_ACTIONS) return github(env);
  if (env.GITLAB_CI) return gitlab(env);
  if (env.TF_BUILD) return azureDevops(env);
  throw new Refused("this runs in a pipeline of GitHub, GitLab or Azure DevOps");
}

/** The line that a review's Markdown begins with, whose stack it names. */
const MARKER = /^<!-- platform-review:v1 stack=([\w.-]+) -->(?=\r?\n)/;

/** What is about a stack: it begins with the marker, so whoever quotes one is not meant. */
const about = (stack, items) => items.find(({ body }) => MARKER.exec(body)?.[1] === stack);

/** The stack that a review's Markdown is of. */
function stackOf(text, file) {
  const [, stack] = MARKER.exec(text) ?? [];
  if (stack === undefined) throw new Refused(`${file} does not begin with a review's marker`);
  return stack;
}

/** Longer is not cut, which would lose what stands last: review itself stays within 60,000 characters. */
function within(limit, body, file) {
  if (body.length > limit)
    throw new Refused(`${file} has ${body.length} characters, and the forge takes no more than ${limit}`);
  return body;
}

/** Runs a script; a mistake is one line, and exit code 1. */
function main(script) {
  script(process.argv.slice(2)).catch((error) => {
    console.error(`error: ${error instanceof Refused ? error.message : error.stack}`);
    process.exitCode = 1;
  });
}

module.exports = { about, forgeOf, main, Refused, stackOf, within };
