// Takes out of a plan what review does not read, for a fixture that a person can look through.
const { parse, stringify } = require("yaml");

/** By which a person, and review, know an object or an element of a list. */
const IDENTITY = new Set([
  "kind", "metadata", "name", "namespace", "key", "operator", "id", "host", "chart", "version", "repository", "atomic",
  "create_namespace", "labels", "priority", "tags", "node_labels", "team", "triggers_replace", "apiVersion",
]); // prettier-ignore
/** What of metadata says whose an object is. */
const OF_METADATA = new Set(["name", "namespace", "labels"]);
const LONGEST = 400;

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** Both sides without what is the same in both, but for names. */
function different(before, after) {
  if (isObject(before) && isObject(after)) {
    const pairs = [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => {
      // A LimitRange on one side only is another fact than a bound on one side only.
      if (!same(before[key], after[key]))
        return [[key, ...(key === "limitRange" ? [before[key], after[key]] : different(before[key], after[key]))]];
      if (!IDENTITY.has(key)) return [];
      const kept = key === "metadata" ? named(before[key]) : before[key];
      return [[key, kept, kept]];
    });
    return [1, 2].map((side) =>
      Object.fromEntries(pairs.flatMap((pair) => (pair[side] === undefined ? [] : [[pair[0], pair[side]]]))),
    );
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    const pairs = before.map((value, index) => different(value, after[index]));
    return [pairs.map(([value]) => value), pairs.map(([, value]) => value)];
  }
  if (Array.isArray(before) && Array.isArray(after) && [...before, ...after].every(isObject)) {
    const known = (list) => new Set(list.map((value) => JSON.stringify(value)));
    const [was, is] = [known(before), known(after)];
    return [
      before.filter((value) => !is.has(JSON.stringify(value))),
      after.filter((value) => !was.has(JSON.stringify(value))),
    ];
  }
  if (typeof before === "string" && typeof after === "string") {
    const [was, is] = [documentOf(before), documentOf(after)];
    if (was !== undefined && is !== undefined && before.length + after.length > LONGEST)
      return different(was, is).map((value) => stringify(value));
  }
  return [before, after];
}

const named = (metadata) => {
  const [one] = Array.isArray(metadata) ? metadata : [metadata];
  const kept = isObject(one) ? Object.fromEntries(Object.entries(one).filter(([key]) => OF_METADATA.has(key))) : one;
  return Array.isArray(metadata) ? [kept] : kept;
};

function documentOf(text) {
  try {
    const value = parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Of what stays: no more than whose it is. */
const names = ({ name, namespace, subject, metadata }) => ({
  ...(name && { name }),
  ...(namespace && { namespace }),
  ...(subject && { subject }),
  ...(metadata && !name && { metadata: named(metadata) }),
});

/** One side of what comes or goes: names, and what is short. */
function short(value, whole) {
  if (value === null || value === undefined) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null && !same(inner, []) && !same(inner, {}))
      .filter(([key, inner]) => whole || IDENTITY.has(key) || JSON.stringify(inner).length <= LONGEST)
      .map(([key, inner]) => [key, key === "metadata" ? named(inner) : inner]),
  );
}

const below = (marks, ...sides) =>
  isObject(marks)
    ? Object.fromEntries(
        Object.entries(marks).filter(
          ([key, inner]) =>
            JSON.stringify(inner).includes("true") &&
            ((key in marks && sides.some((side) => side && key in side)) || inner === true),
        ),
      )
    : marks;

/** Team releases and pools say what a team may use. */
const isTold = ({ type, name }) => type !== "helm_release" || /^(teams|node-pools)_/.test(name);

/** What Helm reports of a release holds all of its values once more, and review does not look at it. */
const RECORD = new Set(["metadata", "status", "manifest", "resources", "id"]);
const withoutRecord = (type, side) =>
  type === "helm_release" && isObject(side)
    ? Object.fromEntries(Object.entries(side).filter(([key]) => !RECORD.has(key)))
    : side;

function reducedChange(resource) {
  const { change, mode, address, previous_address, type, name, index, deposed, action_reason } = resource;
  let [before, after] = [change.before, change.after].map((side) => withoutRecord(type, side));
  if (isObject(before) && isObject(after)) [before, after] = different(before, after);
  else [before, after] = [before, after].map((side) => short(side, isTold(resource)));
  return {
    address,
    ...(previous_address && { previous_address }),
    mode,
    type,
    name,
    ...(index !== undefined && { index }),
    ...(deposed && { deposed }),
    ...(action_reason && { action_reason }),
    change: {
      actions: change.actions,
      before,
      after,
      after_unknown: below(change.after_unknown, before, after),
      before_sensitive: below(change.before_sensitive, before),
      after_sensitive: below(change.after_sensitive, after),
      ...(change.replace_paths && { replace_paths: change.replace_paths }),
      ...(change.importing && { importing: change.importing }),
    },
  };
}

/** The part of a stack that says whose an object is: `teams/checkout`. */
const partOf = ({ name }) =>
  /^(teams|node-pools|team-vaults|environments|environment-quotas|components)_[^_]+/.exec(name)?.[0] ?? "";

/** What says whose an identity of a service account is: the namespace that it is for, and that namespace. */
const tellsOfIdentity = ({ type, name }) =>
  /^team-identities_.*_(association|credential)_/.test(name) ||
  (type === "kubernetes_namespace_v1" && /^teams_/.test(name));

function reducePlan(plan) {
  const changes = plan.resource_changes ?? [];
  const isKept = ({ change, previous_address, address }) =>
    change.actions.join() !== "no-op" || change.importing || (previous_address && previous_address !== address);
  const changed = changes.filter(isKept);
  const parts = new Set(changed.map(partOf));
  // What stays of a team, an environment or a component says that it is still there.
  const staying = [...parts].flatMap((part) => {
    const one = part && changes.find((resource) => !isKept(resource) && partOf(resource) === part);
    return one ? [one] : [];
  });
  if (changed.some(({ name }) => name.startsWith("team-identities_")))
    staying.push(...changes.filter((one) => !isKept(one) && tellsOfIdentity(one) && !staying.includes(one)));
  const kept = new Set([...changed, ...staying].map(({ address }) => address.replace(/\[.*\]$/, "")));
  const outputs = Object.entries(plan.output_changes ?? {}).filter(([, { actions }]) => actions.join() !== "no-op");
  return {
    format_version: plan.format_version,
    terraform_version: plan.terraform_version,
    resource_changes: [
      ...changed.map(reducedChange),
      ...staying.map(({ address, mode, type, name, change }) => ({
        address,
        mode,
        type,
        name,
        change: {
          actions: ["no-op"],
          before: names(change.before),
          after: names(change.after),
          after_unknown: {},
          before_sensitive: {},
          after_sensitive: {},
        },
      })),
    ],
    ...(plan.resource_drift && { resource_drift: plan.resource_drift.map(reducedChange) }),
    output_changes: Object.fromEntries(outputs),
    configuration: {
      root_module: {
        resources: (plan.configuration?.root_module?.resources ?? [])
          .filter(({ address }) => kept.has(address))
          .map(({ address, expressions, depends_on }) => {
            const references = [...referencesIn(expressions)].filter((one) => kept.has(one));
            return {
              address,
              ...(references.length > 0 && { expressions: { all: { references } } }),
              ...(depends_on && { depends_on: depends_on.filter((one) => kept.has(one)) }),
            };
          })
          .filter(({ expressions, depends_on }) => expressions || depends_on?.length > 0),
      },
    },
  };
}

function referencesIn(value, found = new Set()) {
  if (Array.isArray(value)) for (const inner of value) referencesIn(inner, found);
  else if (isObject(value))
    for (const [key, inner] of Object.entries(value)) {
      if (key === "references" && Array.isArray(inner))
        for (const one of inner) found.add(/^(?:data\.)?[^.]+\.[^.[]+/.exec(one)?.[0] ?? one);
      else referencesIn(inner, found);
    }
  return found;
}

module.exports.reducePlan = reducePlan;
