// The realm of a synthesized stack in a real Keycloak:  realm.js STACK_FOLDER KEYCLOAK_URL [JAR]
// Keycloak itself says who gets which groups and roles, and what of a changed realm is left. Its administrator is admin/admin.
// With the jar of keycloak-config-cli, which no package registry has, the import is the one of the cluster.
const assert = require("node:assert/strict");
const { execFileSync } = require("node:child_process");
const { mkdtempSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const { parse } = require("yaml");

const [folder, url, jar] = process.argv.slice(2);

async function call(method, path, body) {
  const form = new URLSearchParams({
    grant_type: "password",
    client_id: "admin-cli",
    username: "admin",
    password: "admin",
  });
  const signedIn = await fetch(`${url}/realms/master/protocol/openid-connect/token`, { method: "POST", body: form });
  const { access_token } = await signedIn.json();
  const response = await fetch(`${url}/admin/realms${path}`, {
    method,
    headers: { authorization: `Bearer ${access_token}`, "content-type": "application/json" },
    ...(body && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${await response.clone().text()}`);
  return response.headers.get("content-type")?.includes("json") ? response.json() : undefined;
}

const document = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8"));
const release = Object.values(document.resource.helm_release).find(({ name }) => name === "keycloak-realm");
const resources = parse(release.values[0].replaceAll("$${", "${")).resources;
const text = resources.find(({ kind }) => kind === "ConfigMap").data["realm.json"];
const environment = resources
  .find(({ kind }) => kind === "Job")
  .spec.template.spec.containers[0].env.map(({ name, value }) => [name, value ?? `secret-${name}`]);
const realm = JSON.parse(text);

/** As the Job in the cluster does it, or as Keycloak alone can. */
async function importRealm(wanted) {
  if (!jar) {
    await call("DELETE", "/platform").catch(() => undefined);
    const substituted = JSON.stringify(wanted).replaceAll(/\$\(env:(\w+)\)/g, "secret-$1");
    return call("POST", "", substituted);
  }
  const work = mkdtempSync(join(tmpdir(), "realm-"));
  writeFileSync(join(work, "realm.json"), JSON.stringify(wanted));
  const overrides = {
    KEYCLOAK_URL: url,
    KEYCLOAK_USER: "admin",
    KEYCLOAK_PASSWORD: "admin",
    IMPORT_FILES_LOCATIONS: join(work, "realm.json"),
  };
  try {
    execFileSync("java", ["-jar", jar], {
      env: { PATH: "/usr/bin:/bin", ...Object.fromEntries(environment), ...overrides },
      stdio: "pipe",
    });
  } catch (error) {
    throw new Error(`keycloak-config-cli: ${error.stdout}`, { cause: error });
  } finally {
    rmSync(work, { recursive: true });
  }
}

/** Claims of the token that somebody in these groups would get from a client. */
async function claims(clientId, groups) {
  const [client] = await call("GET", `/platform/clients?clientId=${clientId}`);
  const username = `in-${groups.join("-") || "nothing"}`;
  let [user] = await call("GET", `/platform/users?username=${username}&exact=true`);
  if (!user) {
    await call("POST", "/platform/users", { username, enabled: true, groups: groups.map((group) => `/${group}`) });
    [user] = await call("GET", `/platform/users?username=${username}&exact=true`);
  }
  const { id: userId } = user;
  const token = await call(
    "GET",
    `/platform/clients/${client.id}/evaluate-scopes/generate-example-access-token?userId=${userId}`,
  );
  return { groups: [...(token.groups ?? [])].sort(), roles: [...(token.roles ?? [])].sort() };
}

async function main() {
  await importRealm(realm);
  console.log(`ok imported by ${jar ? "keycloak-config-cli" : "Keycloak"}`);
  let asked = 0;
  for (const { name, clientRoles } of realm.groups)
    for (const { clientId } of realm.clients) {
      const { groups, roles } = await claims(clientId, [name]);
      assert.deepEqual(groups, [name], `groups of ${name} at ${clientId}`);
      assert.deepEqual(roles, [...(clientRoles[clientId] ?? [])].sort(), `roles of ${name} at ${clientId}`);
      asked += 1;
    }
  for (const { clientId } of realm.clients) assert.deepEqual(await claims(clientId, []), { groups: [], roles: [] });
  console.log(
    `ok ${asked} tokens name the group and its roles, and ${realm.clients.length} of somebody without a group name nothing`,
  );

  if (!jar)
    return console.log(
      "not tried: what leaves the config, and what was changed by hand (no jar of keycloak-config-cli)",
    );
  await call("POST", "/platform/groups", { name: "made-by-hand" });
  await call("POST", "/platform/clients", { clientId: "made-by-hand", enabled: true });
  const [gone, ...kept] = realm.groups;
  await importRealm({ ...realm, groups: kept });
  const names = (await call("GET", "/platform/groups")).map(({ name }) => name).sort();
  assert.deepEqual(names, kept.map(({ name }) => name).sort());
  assert.deepEqual(await call("GET", "/platform/clients?clientId=made-by-hand"), []);
  const [left] = await call("GET", `/platform/users?username=in-${gone.name}&exact=true`);
  assert.deepEqual(await call("GET", `/platform/users/${left.id}/groups`), []);
  for (const own of ["account", "realm-management", "broker"])
    assert.equal((await call("GET", `/platform/clients?clientId=${own}`)).length, 1, `Keycloak's own client ${own}`);
  console.log(
    `ok ${gone.name} went with its members' rights, and so did a group and a client made by hand; Keycloak's own stay`,
  );
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
