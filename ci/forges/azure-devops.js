// https://learn.microsoft.com/en-us/rest/api/azure/devops/git/pull-request-threads: each review is a thread of one comment.
const { client, Refused, variables } = require("./http");

const VERSION = "api-version=7.1";

module.exports.azureDevops = (env) => {
  const need = variables(env);
  const collection = need("SYSTEM_COLLECTIONURI");
  const project = `${collection}${need("SYSTEM_TEAMPROJECTID")}`;
  const repository = `${project}/_apis/git/repositories/${need("BUILD_REPOSITORY_ID")}`;
  const { ask } = client({ authorization: `Bearer ${need("SYSTEM_ACCESSTOKEN")}` });
  const threadsOf = (number) => `${repository}/pullRequests/${number}/threads`;
  const noIssues = () => {
    throw new Refused("Azure DevOps has no issues; let the scheduled pipeline fail instead");
  };

  return {
    limit: 150_000,
    pullRequest: () => need("SYSTEM_PULLREQUEST_PULLREQUESTID"),
    commit: () => need("SYSTEM_PULLREQUEST_SOURCECOMMITID"),
    run: () => `${project}/_build/results?buildId=${need("BUILD_BUILDID")}`,

    async comments(number) {
      const { authenticatedUser: me } = await ask("GET", `${collection}_apis/connectionData?${VERSION}-preview`);
      const { value: threads } = await ask("GET", `${threadsOf(number)}?${VERSION}`);
      return threads
        .filter(({ isDeleted, comments: [first] }) => !isDeleted && first?.author.id === me.id && !first.isDeleted)
        .map(({ id, comments: [first] }) => ({ id: first.id, thread: id, body: first.content ?? "" }));
    },
    create: (number, content) =>
      ask("POST", `${threadsOf(number)}?${VERSION}`, { comments: [{ parentCommentId: 0, content, commentType: 1 }] }),
    update: (number, { id, thread }, content) =>
      ask("PATCH", `${threadsOf(number)}/${thread}/comments/${id}?${VERSION}`, { content }),
    editor: () => undefined, // a comment can be edited by its author only

    async merged(sha) {
      const queries = [{ type: "lastMergeCommit", items: [sha] }];
      const { results } = await ask("POST", `${repository}/pullrequestquery?${VERSION}`, { queries });
      return (results[0]?.[sha] ?? [])
        .filter(({ status }) => status === "completed")
        .map(({ pullRequestId }) => pullRequestId);
    },
    head: () => need("BUILD_SOURCEVERSION"),

    issues: noIssues,
  };
};
