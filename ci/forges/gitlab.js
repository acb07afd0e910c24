// https://docs.gitlab.com/api/notes/. A job's own token may not write notes: GITLAB_TOKEN is a project access token with the scope `api`.
const { client, variables } = require("./http");

module.exports.gitlab = (env) => {
  const need = variables(env);
  const api = need("CI_API_V4_URL");
  const project = `${api}/projects/${need("CI_PROJECT_ID")}`;
  const { ask, all } = client({ "private-token": need("GITLAB_TOKEN") });
  const ours = async (items) => {
    const me = await ask("GET", `${api}/user`);
    return items.filter(({ author }) => author.id === me.id);
  };
  const notesOf = (number) => `${project}/merge_requests/${number}/notes`;

  return {
    limit: 1_000_000,
    pullRequest: () => need("CI_MERGE_REQUEST_IID"),
    commit: () => env.CI_MERGE_REQUEST_SOURCE_BRANCH_SHA || need("CI_COMMIT_SHA"),
    run: () => need("CI_PIPELINE_URL"),

    comments: async (number) => (await ours(await all(notesOf(number)))).map(({ id, body }) => ({ id, body })),
    create: (number, body) => ask("POST", notesOf(number), { body }),
    update: (number, { id }, body) => ask("PUT", `${notesOf(number)}/${id}`, { body }),
    editor: () => undefined, // only maintainers may, and the API does not tell

    merged: async (sha) =>
      (await all(`${project}/repository/commits/${sha}/merge_requests`))
        .filter(({ state }) => state === "merged")
        .map(({ iid }) => iid),
    head: () => need("CI_COMMIT_SHA"),

    issues: async () =>
      (await ours(await all(`${project}/issues?state=opened`))).map(({ iid, description }) => ({
        id: iid,
        body: description ?? "",
      })),
    createIssue: (title, body) => ask("POST", `${project}/issues`, { title, description: body }),
    updateIssue: ({ id }, body) => ask("PUT", `${project}/issues/${id}`, { description: body }),
    closeIssue: ({ id }) => ask("PUT", `${project}/issues/${id}`, { state_event: "close" }),
  };
};
