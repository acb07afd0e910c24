// Keeps one issue open for a stack as long as a plan of what is merged has changes:  node ci/issue.js review-out/<stack>.md true|false
const { readFileSync } = require("node:fs");
const { about, forgeOf, main, stackOf, within } = require("./forges");

main(async ([file, changes]) => {
  const forge = forgeOf(process.env);
  const text = readFileSync(file, "utf8");
  const stack = stackOf(text, file);
  const before = about(stack, await forge.issues());
  if (changes.trim() === "false") {
    if (before) await forge.closeIssue(before);
    return console.log(before ? `closed the issue on ${stack}` : `${stack} is as it should be`);
  }
  const body = within(forge.limit, `${text.trimEnd()}\n\n<sub>by [this run](${forge.run()})</sub>\n`, file);
  await (before ? forge.updateIssue(before, body) : forge.createIssue(`Drift: ${stack}`, body));
  console.log(`${before ? "updated" : "opened"} the issue on ${stack}`);
});
