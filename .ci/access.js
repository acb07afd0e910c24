// The hand-written matrix against a real API server: thousands of SubjectAccessReviews, and no answer that the matrix does not give.
//   access.js KUBECONFIG [PLACE]     PLACE: host (default), or an environment of .ci/access-matrix.yaml
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { parse } = require("yaml");
const { bring, collection } = require("./access-roles-of-charts");
const { connect, inParallel, until } = require("./kube-client");

const [kubeconfig, place = "host"] = process.argv.slice(2);
const matrix = parse(readFileSync(join(__dirname, "access-matrix.yaml"), "utf8"));
const kube = connect(kubeconfig);

const READ = ["get", "list", "watch"];
const WRITE = ["create", "update", "patch", "delete", "deletecollection"];
const VERBS = {
  read: READ,
  write: WRITE,
  all: [...READ, ...WRITE],
  change: [...READ, "create", "update", "patch", "delete"],
};
/** One of each sort, where asking for every verb would only take longer. */
const SOME = ["get", "create", "delete"];
/** What any role gives: asked of everybody in every namespace. */
const TELLING = [
  ["", "pods", "list"],
  ["", "secrets", "get"],
  ["apps", "deployments", "create"],
];
/** Kubernetes's own verbs for what no request asks: https://kubernetes.io/docs/reference/access-authn-authz/authorization/ */
const SPECIAL = [
  ["rbac.authorization.k8s.io", "roles", ["bind", "escalate"], true],
  ["rbac.authorization.k8s.io", "clusterroles", ["bind", "escalate"], false],
  ["", "users", ["impersonate"], false],
  ["", "groups", ["impersonate"], false],
  ["", "serviceaccounts", ["impersonate"], true],
  ["authentication.k8s.io", "userextras/scopes", ["impersonate"], false],
  ["authentication.k8s.io", "uids", ["impersonate"], false],
  ["certificates.k8s.io", "signers", ["approve", "sign", "attest"], false],
  ["", "nodes/metrics", ["get"], false],
  ["", "nodes/log", ["get"], false],
  ["*", "*", ["*"], true],
  ["*", "*", ["get", "create"], false],
];

const verbs = (may = []) => VERBS[may] ?? may;
const coreless = (group) => (group === "core" ? "" : group);
const keyOf = (group, resource) => `${group}/${resource}`;

// --- the matrix as a function ----------------------------------------------------------------------------------------

/** Role -> resource -> verbs. */
const roles = { view: new Map(), edit: new Map(), admin: new Map() };
for (const row of matrix.rows.filter(({ only = place }) => only === place))
  for (const [group, resources] of Object.entries(row.resources))
    for (const resource of resources)
      for (const role of Object.keys(roles)) roles[role].set(keyOf(coreless(group), resource), verbs(row[role]));

/** Who asks, and what the matrix gives: `may(question)`; `home` are the namespaces where it may do anything, `sort` tells what rights it has in one. */
function group(name) {
  const person = { who: `group ${name}`, user: "somebody", groups: [name, "system:authenticated"] };
  if (matrix.administrators[place]?.includes(name)) return { ...person, home: [], may: () => true };
  const held = Object.fromEntries(
    Object.entries(matrix.holds[place]).map(([namespace, holders]) => [
      namespace,
      Object.keys(holders).filter((role) => holders[role].includes(name)),
    ]),
  );
  const home = Object.keys(held).filter((namespace) => held[namespace].length > 0);
  const may = ({ key, verb, namespace }) =>
    (held[namespace] ?? []).some((role) => roles[role].get(key)?.includes(verb));
  const sort = (namespace) => held[namespace].join();
  return { ...person, home, sort, may };
}

function account(name, home, may) {
  const [namespace, account] = name.split("/");
  const groups = ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"];
  return {
    who: `account ${name}`,
    user: `system:serviceaccount:${namespace}:${account}`,
    groups,
    home,
    sort: (namespace) => namespace,
    may,
  };
}

function withRights({ account: name, in: home, rights = [], everything = false }) {
  const may = ({ key, verb, namespace }) =>
    everything ||
    (namespace === home &&
      rights.some(
        ({ group, resources, may }) =>
          resources.some((resource) => keyOf(coreless(group), resource) === key) && verbs(may).includes(verb),
      ));
  return account(name, home === undefined ? [] : [home], may);
}

const never = () => false;
const groupNames = new Set(Object.values(matrix.holds[place]).flatMap((holders) => Object.values(holders).flat()));
const nothing = matrix.nothing[place];
const named = matrix.named[place] ?? [];
const subjects = [
  ...[...groupNames, ...nothing.groups].map(group),
  ...nothing.accounts.map((name) => account(name, [], never)),
  ...(matrix.accounts[place] ?? []).map(withRights),
  ...named.map(({ account: name, anywhere = [] }) =>
    account(name, [], ({ key, verb }) => anywhere.includes(`${verb} ${key}`)),
  ),
  { who: "whoever has signed in", user: "nobody", groups: ["system:authenticated"], home: [], may: never },
  { who: "whoever has not", user: "system:anonymous", groups: ["system:unauthenticated"], home: [], may: never },
];
/** The twin of every refusal: the same question, asked as the cluster's administrator. */
const administrator = {
  who: "the administrator",
  user: "admin",
  groups: ["system:masters"],
  home: [],
  may: () => true,
};

const everybody = new Set(
  Object.entries(matrix.everybody).flatMap(([group, resources]) =>
    Object.entries(resources).flatMap(([resource, may]) => may.map((verb) => `${group}/${resource} ${verb}`)),
  ),
);
const expected = (subject, question) =>
  subject.may(question) ||
  (subject.groups.includes("system:authenticated") && everybody.has(`${question.key} ${question.verb}`));

// --- the questions ---------------------------------------------------------------------------------------------------

/** All that the API server serves, so that a CRD that comes later is asked about as well. */
async function discover() {
  const { groups } = await kube.get("/apis");
  const paths = groups.flatMap(({ name, versions }) =>
    versions.map(({ groupVersion }) => [name, `/apis/${groupVersion}`]),
  );
  const found = new Map();
  for (const [group, path] of [["", "/api/v1"], ...paths])
    for (const { name, namespaced, verbs } of (await kube.get(path)).resources)
      found.set(keyOf(group, name), { group, resource: name, namespaced, verbs });
  for (const [group, resource, verbs, namespaced] of SPECIAL) {
    const known = found.get(keyOf(group, resource));
    found.set(`${keyOf(group, resource)} ${namespaced}`, {
      group,
      resource,
      namespaced: known?.namespaced ?? namespaced,
      verbs,
    });
  }
  return [...found.values()];
}

/**
 * Every verb in the first of a subject's namespaces where it has other rights than in those before, and one verb after another in
 * its others, in everybody else's, and on the whole cluster: subjects take turns, so that together they ask about everything. What
 * any role would give is asked in every namespace.
 */
function questionsOf(subject, index, resources, namespaces) {
  const away = namespaces.filter((namespace) => !subject.home.includes(namespace));
  const first = subject.home.filter(
    (namespace, i) => subject.home.findIndex((one) => subject.sort(one) === subject.sort(namespace)) === i,
  );
  let turn = index;
  const next = (list) => list[turn++ % list.length];
  const telling = away.flatMap((namespace) =>
    TELLING.map(([group, resource, verb]) => ({
      subject,
      group,
      resource,
      key: keyOf(group, resource),
      verb,
      namespace,
    })),
  );
  const others = resources.flatMap(({ group, resource, namespaced, verbs }) => {
    const ask = (namespace, verb) => ({ subject, group, resource, key: keyOf(group, resource), verb, namespace });
    const some = SOME.filter((verb) => verbs.includes(verb));
    const few = some.length > 0 ? some : verbs;
    // An environment serves fewer resources, so there is time for more verbs.
    const verbsOf = place === "host" ? [next(few)] : verbs;
    const everywhere = verbsOf.map((verb) => ask("", verb));
    if (!namespaced && resource.split("/")[0] !== "namespaces") return everywhere;
    return [
      ...everywhere,
      ask(next(away), next(few)),
      ...subject.home.flatMap((namespace) =>
        (first.includes(namespace) ? verbs : [next(few)]).map((verb) => ask(namespace, verb)),
      ),
    ];
  });
  return [...telling, ...others];
}

function questionsOfPaths(subject) {
  const { open, signedIn, closed } = matrix.paths;
  const known = subject.groups.includes("system:authenticated");
  const ask = (path, allowed) => ({ subject: { ...subject, may: () => allowed }, path, verb: "get" });
  const all = subject.may({}) === true;
  return [
    ...open.map((path) => ask(path, true)),
    ...signedIn.map((path) => ask(path, known)),
    ...closed.map((path) => ask(path, all)),
  ];
}

/** One object by its name, and the twin: another name, and another namespace. */
const questionsOfNamed = named.flatMap(({ account: name, may: verb, resource, name: object, in: namespaces }) => {
  const ask = (namespace, name_, allowed) => ({
    subject: account(name, [], () => allowed),
    group: "",
    resource,
    key: keyOf("", resource),
    verb,
    namespace,
    name: name_,
  });
  return [
    ...namespaces.flatMap((namespace) => [ask(namespace, object, true), ask(namespace, "another", false)]),
    ask("kube-system", object, false),
    ask("", object, false),
  ];
});

const attributes = ({ group, resource: whole, verb, namespace, name }) => {
  const [resource, subresource] = whole.split("/");
  return { group, resource, ...(subresource && { subresource }), verb, namespace, ...(name && { name }) };
};

const text = ({ path, group, resource, verb, namespace, name }) =>
  path
    ? `${verb} ${path}`
    : `${verb} ${resource}${group && `.${group}`}${name ? ` ${name}` : ""} ${namespace ? `in ${namespace}` : "on the whole cluster"}`;

/** Asks, and returns where the answer is another than the matrix gives. */
async function surprises(questions) {
  const answers = await inParallel(questions, async (question) => {
    const { user, groups } = question.subject;
    const what = question.path
      ? { nonResourceAttributes: { path: question.path, verb: question.verb } }
      : { resourceAttributes: attributes(question) };
    const { status } = await kube.post("/apis/authorization.k8s.io/v1/subjectaccessreviews", {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SubjectAccessReview",
      spec: { user, groups, ...what },
    });
    if (status.evaluationError) throw new Error(`${text(question)}: ${status.evaluationError}`);
    return status.allowed;
  });
  const wrong = questions.flatMap((question, index) =>
    answers[index] === expected(question.subject, question)
      ? []
      : `${question.subject.who} ${answers[index] ? "may" : "may not"} ${text(question)}`,
  );
  return { wrong, allowed: answers.filter(Boolean).length };
}

// --- whether a change of the roles would be noticed ---------------------------------------------------------------------

const metadata = (name, more) => ({ apiVersion: "rbac.authorization.k8s.io/v1", metadata: { name, ...more } });
const MUTATIONS = [
  {
    what: "view may read Secrets",
    add: {
      kind: "ClusterRole",
      ...metadata("mutation", { labels: { "rbac.authorization.k8s.io/aggregate-to-view": "true" } }),
      rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["get"] }],
    },
    noticed: /may get secrets in team-/,
  },
  {
    what: "everybody may proxy to nodes",
    add: {
      kind: "ClusterRoleBinding",
      ...metadata("mutation"),
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:kubelet-api-admin" },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "system:authenticated" }],
    },
    noticed: /whoever has signed in may .* nodes/,
  },
  {
    what: "a team is let into another's namespace",
    add: {
      kind: "RoleBinding",
      ...metadata("mutation", { namespace: "team-docs" }),
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "edit" },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "checkout" }],
    },
    noticed: /group checkout may .* in team-docs/,
  },
  {
    what: "a viewer's binding is gone",
    take: { kind: "RoleBinding", ...metadata("team-view", { namespace: "team-checkout" }) },
    noticed: /group platform may not get pods in team-checkout/,
  },
];

/** Makes the change, sees it noticed, takes it back, and sees that nothing is left of it. */
async function mutate({ what, add, take, noticed }, questions) {
  const found = add ?? (await kube.get(`${collection(take)}/${take.metadata.name}`));
  const { name, namespace, labels, annotations } = found.metadata;
  const object = { ...found, kind: (add ?? take).kind, metadata: { name, namespace, labels, annotations } };
  const path = collection(object);
  const put = () => kube.post(path, object);
  const drop = () => kube.delete(`${path}/${name}`);
  const about = questions.filter(({ resource }) => ["pods", "secrets", "nodes", "nodes/proxy"].includes(resource));
  const wrong = async () => (await surprises(about)).wrong;
  await (add ? put() : drop());
  try {
    await until(`that ${what} is noticed`, async () => (await wrong()).some((one) => noticed.test(one)));
  } finally {
    await (add ? drop() : put());
  }
  await until(`that ${what} no more`, async () => (await wrong()).length === 0);
}

// -----------------------------------------------------------------------------------------------------------------------

async function main() {
  const takeAway = place === "host" ? await bring(kube) : () => {};
  try {
    const resources = await discover();
    const namespaces = (await kube.get("/api/v1/namespaces")).items.map(({ metadata }) => metadata.name);
    const missing = Object.keys(matrix.holds[place]).filter((namespace) => !namespaces.includes(namespace));
    if (missing.length > 0) throw new Error(`no namespace ${missing.join(", ")} on ${place}`);
    // Whatever somebody is refused anywhere, the administrator is allowed.
    const twins = resources.flatMap(({ group, resource, verbs }) => {
      const verb = SOME.find((one) => verbs.includes(one)) ?? verbs[0];
      return [{ subject: administrator, group, resource, key: keyOf(group, resource), verb, namespace: "" }];
    });
    const questions = [
      ...subjects.flatMap((subject, index) => [
        ...questionsOf(subject, index, resources, namespaces),
        ...questionsOfPaths(subject),
      ]),
      ...questionsOfNamed,
      ...twins,
    ];

    // What was brought a moment ago counts soon; if it does not, the reviews tell.
    const fresh = questions.filter(
      ({ subject, resource }) => subject.who.startsWith("group") && resource === "secretstores",
    );
    if (place === "host")
      await until("roles add up", async () => (await surprises(fresh)).wrong.length === 0).catch(() => {});

    const start = process.hrtime.bigint();
    const { wrong, allowed } = await surprises(questions);
    const seconds = (Number(process.hrtime.bigint() - start) / 1e9).toFixed(1);
    for (const one of wrong.slice(0, 40)) console.log(`WRONG ${one}`);
    console.log(
      `${place}: ${questions.length} reviews of ${subjects.length + 1} subjects, ${resources.length} resources, ${namespaces.length} namespaces ` +
        `in ${seconds} s: ${allowed} allowed, ${questions.length - allowed} refused, ${wrong.length} surprises`,
    );
    if (questions.length < 5000) throw new Error("too few questions to show anything");
    if (wrong.length > 0) process.exitCode = 1;
    else if (place === "host") {
      for (const mutation of MUTATIONS) await mutate(mutation, questions);
      console.log(
        `${MUTATIONS.length} changes of the roles were noticed: ${MUTATIONS.map(({ what }) => what).join("; ")}`,
      );
    }
  } finally {
    await takeAway();
    kube.close();
  }
}

main().catch((error) => {
  console.log(`WRONG ${error.message}`);
  process.exitCode = 1;
});
