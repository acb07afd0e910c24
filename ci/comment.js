// Puts reviews on the pull request, one comment per stack, which later ones replace:  node ci/comment.js review-out/<stack>.md…
const { readFileSync } = require("node:fs");
const { about, forgeOf, main, Refused, stackOf, within } = require("./forges");

main(async (files) => {
  if (files.length === 0) throw new Refused("there is no review to put on the pull request");
  const forge = forgeOf(process.env);
  const number = forge.pullRequest();
  const comments = await forge.comments(number);
  for (const file of files) {
    const text = readFileSync(file, "utf8");
    const stack = stackOf(text, file);
    const from = `<sub>of commit ${forge.commit().slice(0, 12)}, by [this run](${forge.run()}), which has all of it</sub>`;
    const body = within(forge.limit, `${text.trimEnd()}\n\n${from}\n`, file);
    const before = about(stack, comments);
    await (before ? forge.update(number, before, body) : forge.create(number, body));
    console.log(`${before ? "updated" : "created"} the comment on ${stack}`);
  }
});
