// Runs in the cluster: gives each team an organisation in Gitea, with a team for each role, and takes everybody out of organisations
// that are no team's: whatever marked one as the platform's, its owners could take away. Repositories stay: deleting them is a decision for a person.
// https://docs.gitea.com/api; environment: GITEA_URL, GITEA_USER, GITEA_PASSWORD, TEAMS (names, comma-separated).
const { GITEA_URL, GITEA_USER, GITEA_PASSWORD, TEAMS } = process.env;
/** Gitea makes "Owners" with the organisation. */
const ROLES = { Developers: "write", Readers: "read" };
const UNITS = [
  "repo.actions",
  "repo.code",
  "repo.issues",
  "repo.packages",
  "repo.projects",
  "repo.pulls",
  "repo.releases",
  "repo.wiki",
];

async function call(method, path, body) {
  const response = await fetch(`${GITEA_URL}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${GITEA_USER}:${GITEA_PASSWORD}`).toString("base64")}`,
      "content-type": "application/json",
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (response.status === 404 && method === "GET") return undefined;
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.status === 204 ? undefined : response.json();
}

/** Every entry of a list, page by page. */
async function all(path) {
  const found = [];
  for (let page = 1; ; page++) {
    const entries = await call("GET", `${path}?limit=50&page=${page}`);
    if (!entries?.length) return found;
    found.push(...entries);
  }
}

async function ensure(name) {
  if (!(await call("GET", `/orgs/${name}`))) {
    await call("POST", "/orgs", {
      username: name,
      description: "Managed by Stackyard",
      visibility: "private",
      repo_admin_change_team_access: false,
    });
    console.log(`made the organisation ${name}`);
  }
  const known = new Map((await all(`/orgs/${name}/teams`)).map((team) => [team.name, team]));
  for (const [role, permission] of Object.entries(ROLES)) {
    const wanted = {
      name: role,
      permission,
      units: UNITS,
      includes_all_repositories: true,
      can_create_org_repo: permission === "write",
    };
    const team = known.get(role);
    if (!team) await call("POST", `/orgs/${name}/teams`, wanted);
    else await call("PATCH", `/teams/${team.id}`, wanted);
  }
}

/** Nobody keeps access but administrators. */
async function close(name) {
  for (const team of await all(`/orgs/${name}/teams`))
    for (const member of await all(`/teams/${team.id}/members`))
      if (member.login !== GITEA_USER) {
        await call("DELETE", `/teams/${team.id}/members/${member.login}`);
        console.log(`took ${member.login} out of ${name}, ${team.name}`);
      }
}

const teams = TEAMS.split(",").filter((name) => name !== "");
for (const name of teams) await ensure(name);
for (const { username } of await all("/admin/orgs")) if (!teams.includes(username)) await close(username);
console.log(`${teams.length} organisations are as the config says`);
