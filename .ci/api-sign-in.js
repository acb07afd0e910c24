// Half of .ci/api-sign-in:  api-sign-in.js prepare|judge STACK_FOLDER KEYCLOAK_URL WORK_FOLDER [PORT_OF_API_SERVER]
const assert = require("node:assert/strict");
const { execFileSync } = require("node:child_process");
const { createHash, randomBytes } = require("node:crypto");
const { readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { setTimeout: sleep } = require("node:timers/promises");
const { URL } = require("node:url");
const { parse } = require("yaml");

const [step, folder, url, work, port] = process.argv.slice(2);
const document = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8"));
const releases = Object.values(document.resource.helm_release);
const valuesOf = ({ values }) => parse(values[0].replaceAll("$${", "${"));
const realm = JSON.parse(
  valuesOf(releases.find(({ name }) => name === "keycloak-realm")).resources.find(({ kind }) => kind === "ConfigMap")
    .data["realm.json"],
);
const environment = valuesOf(releases.find(({ chart }) => chart === "vcluster"));
const PASSWORD = "a-long-enough-password";
const admins = parseSubjects(environment.experimental.deploy.vcluster.manifests);
const team = realm.groups.map(({ name }) => name).find((name) => !admins.includes(name));

/** Groups that the environment gives every right. */
function parseSubjects(manifests) {
  const objects = manifests.split(/^---$/m).map((text) => parse(text));
  return objects.find(({ kind }) => kind === "ClusterRoleBinding").subjects.map(({ name }) => name);
}

async function admin(method, path, body) {
  const form = new URLSearchParams({
    grant_type: "password",
    client_id: "admin-cli",
    username: "admin",
    password: "admin",
  });
  const signedIn = await fetch(`${url}/realms/master/protocol/openid-connect/token`, { method: "POST", body: form });
  const { access_token } = await signedIn.json();
  const headers = { authorization: `Bearer ${access_token}`, "content-type": "application/json" };
  const response = await fetch(`${url}/admin/realms${path}`, { method, headers, body: JSON.stringify(body) });
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${await response.text()}`);
}

const base64url = (buffer) => buffer.toString("base64url");

/** What kubelogin does in a browser: the code flow with PKCE. Returns the address that it ends at. */
async function authorize(username, change = {}) {
  const query = {
    client_id: "kubernetes",
    response_type: "code",
    scope: "openid",
    redirect_uri: "http://localhost:8000",
    ...change,
  };
  const page = await fetch(`${url}/realms/platform/protocol/openid-connect/auth?${new URLSearchParams(query)}`, {
    redirect: "manual",
  });
  if (page.status === 302) return new URL(page.headers.get("location"));
  const text = await page.text();
  const action = /<form[^>]*action="([^"]+)"/.exec(text)?.[1].replaceAll("&amp;", "&");
  if (page.status !== 200 || !action) return undefined;
  const cookie = page.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
  const body = new URLSearchParams({ username, password: PASSWORD });
  const answer = await fetch(action, { method: "POST", body, headers: { cookie }, redirect: "manual" });
  assert.equal(answer.status, 302, `the sign-in page answers ${answer.status}: ${(await answer.text()).slice(0, 400)}`);
  return new URL(answer.headers.get("location"));
}

async function tokenOf(username) {
  const verifier = base64url(randomBytes(32));
  const challenge = base64url(createHash("sha256").update(verifier).digest());
  const back = await authorize(username, { code_challenge: challenge, code_challenge_method: "S256" });
  const form = {
    grant_type: "authorization_code",
    client_id: "kubernetes",
    code: back.searchParams.get("code"),
    redirect_uri: "http://localhost:8000",
  };
  const redeem = (more) =>
    fetch(`${url}/realms/platform/protocol/openid-connect/token`, {
      method: "POST",
      body: new URLSearchParams({ ...form, ...more }),
    });
  if (username === "nobody") {
    assert.equal(
      (await redeem({ code_verifier: base64url(randomBytes(32)) })).status,
      400,
      "a code without its verifier",
    );
    console.log("ok a code that somebody else redeems is worth nothing");
    return tokenOf("nobody-else");
  }
  const { id_token } = await (await redeem({ code_verifier: verifier })).json();
  assert.ok(id_token, "there is an ID token");
  return id_token;
}

async function prepare() {
  await admin("POST", "", JSON.parse(JSON.stringify(realm).replaceAll(/\$\(env:(\w+)\)/g, "secret-$1")));
  const people = [
    ["admin-person", [admins[0]]],
    ["team-person", [team]],
    ["nobody", []],
    ["nobody-else", []],
  ];
  for (const [username, groups] of people)
    await admin("POST", "/platform/users", {
      username,
      enabled: true,
      email: `${username}@example.com`,
      emailVerified: true,
      firstName: "A",
      lastName: "Person",
      groups: groups.map((group) => `/${group}`),
      credentials: [{ type: "password", value: PASSWORD, temporary: false }],
    });
  writeFileSync(
    join(work, "flags"),
    `${environment.controlPlane.distro.k8s.apiServer.extraArgs.filter((flag) => flag.startsWith("--oidc-")).join("\n")}\n`,
  );
}

const root = (...args) =>
  execFileSync("kubectl", [`--kubeconfig=${join(work, "kube", "kubeconfig")}`, ...args], {
    encoding: "utf8",
    stdio: ["pipe", "pipe", "pipe"],
  });

/** What kubectl answers to whoever has a token and nothing else. */
function as(token, ...args) {
  const server = `https://127.0.0.1:${port}`;
  const flags = ["--kubeconfig=/dev/null", `--server=${server}`, "--insecure-skip-tls-verify", `--token=${token}`];
  try {
    return execFileSync("kubectl", [...flags, ...args], { encoding: "utf8", stdio: "pipe" }).trim();
  } catch (error) {
    return `${error.stdout}${error.stderr}`.trim();
  }
}

async function judge() {
  const manifests = join(work, "manifests.yaml");
  writeFileSync(manifests, environment.experimental.deploy.vcluster.manifests);
  root("apply", "-f", manifests);
  for (const namespace of ["team-a", "team-b"]) root("create", "namespace", namespace);
  root("-n", "team-a", "create", "rolebinding", "edit", "--clusterrole=edit", `--group=${team}`);

  const plain = await authorize("team-person");
  assert.ok(!plain?.searchParams.get("code"), "no code without PKCE");
  assert.equal(await authorize("team-person", { redirect_uri: "http://localhost:8001" }), undefined);
  console.log("ok no code without PKCE, and none for another address");

  // The API server asks for the issuer's keys every ten seconds until it has them.
  const first = await tokenOf("admin-person");
  for (let tries = 0; tries < 60 && !/oidc:admin-person/.test(as(first, "auth", "whoami", "-o", "json")); tries += 1)
    await sleep(1000);
  const who = (token) => JSON.parse(as(token, "auth", "whoami", "-o", "json")).status.userInfo;
  assert.deepEqual(who(first).groups.sort(), [admins[0], "system:authenticated"].sort());
  assert.equal(who(first).username, "oidc:admin-person");
  const can = (token, ...what) => as(token, "auth", "can-i", ...what).split("\n")[0];
  assert.equal(can(first, "*", "*", "--all-namespaces"), "yes");
  console.log(`ok somebody in ${admins[0]} may do everything`);

  const member = await tokenOf("team-person");
  assert.deepEqual(who(member).groups.sort(), [team, "system:authenticated"].sort());
  const asked = [
    [["create", "pods", "-n", "team-a"], "yes"],
    [["create", "deployments.apps", "-n", "team-a"], "yes"],
    [["create", "rolebindings.rbac.authorization.k8s.io", "-n", "team-a"], "no"],
    [["create", "pods", "-n", "team-b"], "no"],
    [["get", "secrets", "-n", "team-b"], "no"],
    [["list", "nodes"], "no"],
    [["impersonate", "groups"], "no"],
    [["get", "secrets", "-n", "kube-system"], "no"],
  ];
  for (const [what, answer] of asked) assert.equal(can(member, ...what), answer, what.join(" "));
  console.log(
    `ok somebody in ${team} has the rights of a RoleBinding to ${team}, and ${asked.filter(([, a]) => a === "no").length} others not`,
  );

  const nobody = await tokenOf("nobody");
  assert.deepEqual(who(nobody).groups, ["system:authenticated"]);
  assert.equal(can(nobody, "get", "pods", "-n", "team-a"), "no");
  console.log("ok somebody in no group may do nothing");

  const [head, body, signature] = member.split(".");
  const claims = JSON.parse(Buffer.from(body, "base64url"));
  const forged = [
    head,
    base64url(Buffer.from(JSON.stringify({ ...claims, groups: ["system:masters"] }))),
    signature,
  ].join(".");
  assert.match(as(forged, "get", "namespaces"), /Unauthorized|must be logged in/);
  console.log("ok a token whose groups were changed is none");
}

({ prepare, judge })[step]().catch((error) => {
  console.error(error.stderr ? String(error.stderr) : error.message, error.cause ?? "");
  process.exitCode = 1;
});
