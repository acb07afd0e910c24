/** The plan of a platform larger than any: mixed changes, and releases whose values are thousands of lines of which one changes. */

export interface LargePlanOptions {
  readonly changes: number;
  readonly releases: number;
  /** Lines of a release's values. */
  readonly lines: number;
}

/** @returns what `terraform show -json` would print */
export function largePlan({ changes, releases, lines }: LargePlanOptions): string {
  const list = Array.from({ length: changes }, (_, index) =>
    index < releases ? release(index, lines) : object(index),
  );
  return JSON.stringify({ format_version: "1.2", terraform_version: "1.14.0", resource_changes: list });
}

const ACTIONS = [["update"], ["create"], ["delete"], ["delete", "create"], ["no-op"]] as const;

function object(index: number): object {
  const actions = ACTIONS[index % ACTIONS.length] ?? ["update"];
  const attributes = (size: number): object => ({
    name: `object-${index}`,
    description: `the object ${index} of a large platform`,
    size,
    tags: { team: `team-${index % 40}`, "cost-center": `CC-${index % 7}` },
    rules: [{ port: 443, cidr: "10.0.0.0/8", note: "inside" }],
  });
  const isNew = actions[0] === "create";
  const isGone = actions.length === 1 && actions[0] === "delete";
  return planned("aws_security_group", `teams_team-${index % 40}_object-${index}`, actions, {
    before: isNew ? null : attributes(1),
    after: isGone ? null : attributes(actions[0] === "no-op" ? 1 : 2),
    ...(actions.length === 2 && { replace_paths: [["size"]] }),
  });
}

function release(index: number, lines: number): object {
  const values = (replicas: number): string =>
    Array.from({ length: Math.ceil(lines / 60) }, (_, section) =>
      sectionOf(section, section === 50 ? replicas : 1),
    ).join("");
  const attributes = (replicas: number): object => ({
    name: `release-${index}`,
    namespace: "apps",
    chart: "web",
    version: "1.2.3",
    values: [values(replicas)],
  });
  return planned("helm_release", `release-${index}`, ["update"], { before: attributes(2), after: attributes(3) });
}

/** Sixty lines under one key. */
const sectionOf = (section: number, replicas: number): string =>
  [
    `service-${section}:`,
    `  replicas: ${replicas}`,
    "  containers:",
    ...Array.from(
      { length: 19 },
      (_, index) => `    - name: c${index}\n      image: registry.example.com/app:${index}\n      cpu: ${index}`,
    ),
    "",
  ].join("\n");

const planned = (type: string, name: string, actions: readonly string[], change: object): object => ({
  address: `${type}.${name}`,
  mode: "managed",
  type,
  name,
  change: { actions, after_unknown: {}, before_sensitive: {}, after_sensitive: {}, ...change },
});
