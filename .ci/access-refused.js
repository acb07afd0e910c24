// Makes every attempt of .ci/access-attempts.js on a real API server: each is refused for its reason, and each twin is let through.
//   access-refused.js KUBECONFIG
const { attempts, ADMINISTRATOR, ARGO_CD, OWN, PROTECTED } = require("./access-attempts");
const { bring } = require("./access-roles-of-charts");
const { connect, inParallel, until } = require("./kube-client");

const kube = connect(process.argv[2]);
const WRITES = ["POST", "PUT", "PATCH", "DELETE"];
/** Nothing is written there, and a dry run is not known. */
const CONNECTS = /\/(exec|portforward)\?/;

/** As somebody: by impersonation, or with credentials of one's own. */
async function send({ method, path, object, type, as }, who, token) {
  const dry = WRITES.includes(method) && !CONNECTS.test(path) ? `${path}?dryRun=All` : path;
  const options = who === "credentials" ? { token, as } : { as: who };
  const { status, body } = await kube.request(method, dry, object, { ...options, type });
  return { status, message: typeof body === "string" ? body : (body.message ?? "") };
}

/** What is wrong with an attempt; nothing, if it was refused as it should be. */
async function tried({ what, who, request, why, twin = { as: ADMINISTRATOR, ...request } }, token) {
  const { status, message } = await send(request, who, token);
  const problems = [];
  if (status < 400) problems.push(`SUCCEEDED ${what}`);
  else if (![403, 422].includes(status) || !why.test(message))
    problems.push(`WRONG ${what}: refused, but not by ${why}: ${status} ${message}`);

  const { reached = 200, says, as = who } = twin;
  const answer = await send(twin, who === "credentials" ? who : as, token);
  const through = reached === 200 ? answer.status < 300 : answer.status === reached;
  if (!through || (says && !says.test(answer.message)))
    problems.push(`WRONG twin of ${what}: ${answer.status} ${answer.message}`);
  return problems;
}

/** An account with a team administrator's role, and its token: real credentials, which impersonation needs. */
async function withCredentials(work) {
  const metadata = { name: "access-attempts", namespace: OWN };
  const accounts = `/api/v1/namespaces/${OWN}/serviceaccounts`;
  const bindings = `/apis/rbac.authorization.k8s.io/v1/namespaces/${OWN}/rolebindings`;
  await kube.post(accounts, { apiVersion: "v1", kind: "ServiceAccount", metadata });
  try {
    await kube.post(bindings, {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "admin" },
      subjects: [{ kind: "ServiceAccount", ...metadata }],
    });
    const { status } = await kube.post(`${accounts}/${metadata.name}/token`, {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: {},
    });
    const pods = `/api/v1/namespaces/${OWN}/pods`;
    const may = async (options) => (await kube.request("GET", pods, undefined, options)).status === 200;
    await until("the roles count", async () => (await may({ token: status.token })) && (await may({ as: ARGO_CD })));
    return await work(status.token);
  } finally {
    await kube.request("DELETE", `${bindings}/${metadata.name}`);
    await kube.request("DELETE", `${accounts}/${metadata.name}`);
  }
}

/** With the mark of protection on a team's namespace and quota, as its config would put it there. */
async function withProtection(work) {
  const MARK = "stackyard.dev/deletion-protection";
  const type = "application/merge-patch+json";
  const objects = [`/api/v1/namespaces/${PROTECTED}`, `/api/v1/namespaces/${PROTECTED}/resourcequotas/team`];
  const marks = await inParallel(objects, async (path) => (await kube.get(path)).metadata.labels?.[MARK] ?? null);
  const mark = (value) => async (path, index) => {
    const labels = { [MARK]: value ?? marks[index] };
    const { status, body } = await kube.request("PATCH", path, { metadata: { labels } }, { type });
    if (status !== 200) throw new Error(`${path}: ${body.message}`);
  };
  try {
    await inParallel(objects, mark("true"));
    return await work();
  } finally {
    await inParallel(objects, mark());
  }
}

async function main() {
  const takeAway = await bring(kube);
  try {
    const start = process.hrtime.bigint();
    const problems = (
      await withProtection(() => withCredentials((token) => inParallel(attempts, (one) => tried(one, token))))
    ).flat();
    const seconds = (Number(process.hrtime.bigint() - start) / 1e9).toFixed(1);
    for (const problem of problems) console.log(problem);
    const names = new Set(attempts.map(({ what }) => what));
    if (names.size !== attempts.length) throw new Error("two attempts have one name");
    const succeeded = problems.filter((problem) => problem.startsWith("SUCCEEDED")).length;
    console.log(`${names.size} attempts in ${seconds} s: ${succeeded} succeeded, ${problems.length} wrong`);
    if (problems.length > 0) process.exitCode = 1;
  } finally {
    await takeAway();
    kube.close();
  }
}

main().catch((error) => {
  console.log(`WRONG ${error.stack}`);
  process.exitCode = 1;
});
