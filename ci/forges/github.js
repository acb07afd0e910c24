// https://docs.github.com/en/rest/issues/comments: a pull request's comments are those of the issue of the same number.
const { client, Refused, variables } = require("./http");

module.exports.github = (env) => {
  const need = variables(env);
  const repository = `${need("GITHUB_API_URL")}/repos/${need("GITHUB_REPOSITORY")}`;
  const { ask, all } = client({
    authorization: `Bearer ${need("GITHUB_TOKEN")}`,
    accept: "application/vnd.github+json",
    "x-github-api-version": "2022-11-28",
  });
  /** Whoever the token belongs to; a token of an app of one's own has another name. */
  const me = env.COMMENT_AUTHOR || "github-actions[bot]";
  const mine = ({ user }) => user?.login === me;
  const text = ({ body }) => body ?? "";

  return {
    limit: 65_536,
    pullRequest: () => need("PULL_REQUEST"),
    commit: () => need("HEAD_SHA"),
    run: () => `${need("GITHUB_SERVER_URL")}/${need("GITHUB_REPOSITORY")}/actions/runs/${need("GITHUB_RUN_ID")}`,

    comments: async (number) =>
      (await all(`${repository}/issues/${number}/comments`))
        .filter(mine)
        .map((comment) => ({ id: comment.id, node: comment.node_id, body: text(comment) })),
    create: (number, body) => ask("POST", `${repository}/issues/${number}/comments`, { body }),
    update: (_number, { id }, body) => ask("PATCH", `${repository}/issues/comments/${id}`, { body }),

    /** Whoever may write to a repository may also edit what others said there. */
    async editor({ node }) {
      const query = "query($id: ID!) { node(id: $id) { ... on IssueComment { editor { login } } } }";
      const { data, errors } = await ask("POST", need("GITHUB_GRAPHQL_URL"), { query, variables: { id: node } });
      if (!data?.node) throw new Refused(`cannot tell who edited a comment: ${JSON.stringify(errors ?? data)}`);
      const login = data.node.editor?.login;
      return login === undefined || login === me.replace("[bot]", "") ? undefined : login;
    },

    /** The numbers of the merged pull requests that a commit came with. */
    async merged(sha) {
      const pulls = (await ask("GET", `${repository}/commits/${sha}/pulls`)).filter(({ merged_at: at }) => at);
      const exact = pulls.filter(({ merge_commit_sha: commit }) => commit === sha);
      return (exact.length > 0 ? exact : pulls).map(({ number }) => number);
    },
    head: () => need("GITHUB_SHA"),

    issues: async () =>
      (await all(`${repository}/issues?state=open`))
        .filter((issue) => mine(issue) && !issue.pull_request)
        .map((issue) => ({ id: issue.number, body: text(issue) })),
    createIssue: (title, body) => ask("POST", `${repository}/issues`, { title, body }),
    updateIssue: ({ id }, body) => ask("PATCH", `${repository}/issues/${id}`, { body }),
    closeIssue: ({ id }) => ask("PATCH", `${repository}/issues/${id}`, { state: "closed" }),
  };
};
