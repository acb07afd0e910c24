// Prints the fingerprint of a stack's plan as it was reviewed in the pull request that this commit came with:  node ci/reviewed.js STACK
const { about, forgeOf, main, Refused } = require("./forges");

main(async ([stack]) => {
  const forge = forgeOf(process.env);
  const sha = forge.head();
  const [number, ...others] = await forge.merged(sha);
  if (number === undefined) throw new Refused(`${sha} came with no pull request, so nobody has reviewed it`);
  if (others.length > 0)
    throw new Refused(`${sha} came with more than one pull request: ${[number, ...others].join(", ")}`);
  const comment = about(stack, await forge.comments(number));
  if (comment === undefined) throw new Refused(`pull request ${number} has no review of ${stack}`);
  const editor = await forge.editor(comment);
  if (editor !== undefined)
    throw new Refused(`the review of ${stack} in pull request ${number} was edited by ${editor}`);
  // The last one: what stands before may show anything.
  const fingerprint = [...comment.body.matchAll(/fingerprint `([0-9a-f]{16})`/g)].at(-1)?.[1];
  if (fingerprint === undefined)
    throw new Refused(`the review of ${stack} in pull request ${number} has no fingerprint`);
  console.log(fingerprint);
});
