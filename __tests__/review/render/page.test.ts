import { createHash } from "node:crypto";
import { renderReviewPage } from "../../../review/render/page";
import type { ObjectChange, Review, StackReview } from "../../../review/review";

const object = (about: Partial<ObjectChange> = {}): ObjectChange => ({
  address: "aws_vpc.network_vpc",
  type: "aws_vpc",
  path: "network/vpc",
  action: "replace",
  owner: { kind: "platform", name: "network" },
  loss: "with all that has an address in it",
  differences: [{ path: "cidr_block", before: "10.0.0.0/16", after: "10.8.0.0/16", forces: true }],
  unknown: ["id"],
  dependents: 3,
  createBeforeDestroy: true,
  reason: "replace_because_cannot_update",
  ...about,
});

const STACK: StackReview = {
  name: "aws-platform",
  source: "plan",
  level: "danger",
  verdict: "Dangerous: the network is replaced.",
  counts: { create: 0, update: 1, replace: 1, delete: 0, read: 0, import: 0, move: 0, forget: 0, drift: 1, unknown: 4 },
  findings: [{ level: "danger", text: "the network is replaced", addresses: ["aws_vpc.network_vpc"] }],
  teams: [
    {
      team: "checkout",
      action: "changed",
      amounts: [
        {
          where: "namespace team-checkout",
          resource: "requests.cpu",
          unit: "cores",
          before: "8",
          after: "80",
          factor: 10,
        },
      ],
      notes: ["group sre gets edit"],
      objects: ["kubernetes_resource_quota_v1.q"],
    },
    { team: "ml", action: "removed", amounts: [], notes: [], objects: ["a.b", "c.d"] },
  ],
  releases: [
    {
      address: "helm_release.argo",
      name: "argo-cd",
      namespace: "argocd",
      chart: "argo-cd",
      action: "update",
      versions: { before: "9.1.0", after: "10.0.0" },
      jump: "major",
      crds: true,
      changelog: "https://github.com/argoproj/argo-helm/releases",
    },
  ],
  objects: [
    object(),
    object({
      address: "kubernetes_resource_quota_v1.q",
      path: "teams/checkout/quota",
      action: "update",
      owner: { kind: "team", name: "checkout" },
      differences: [{ path: "spec.hard", patch: "-cpu: 8\n+cpu: 80\n pods: 10" }],
    }),
  ],
  drift: [object({ address: "aws_eks_cluster.drifted", action: "update", path: "control-plane/cluster" })],
  deferred: [{ address: "helm_release.later", reason: "provider_config_unknown" }],
  outputs: [{ name: "endpoint", action: "update", before: "https://old", after: { url: "new" } }],
  picture: {
    foundation: {
      drawn: [{ name: "network", action: "touched", counts: [{ action: "replace", count: 25 }] }],
      left: { changing: 0, staying: 0 },
    },
    layers: [
      [
        { name: "karpenter-crd", chart: "karpenter-crd", action: "none" },
        { name: "cert-manager", chart: "cert-manager", action: "none" },
      ],
      [{ name: "argo-cd", chart: "argo-helm", action: "update" }],
    ],
    otherReleases: { changing: 0, staying: 1 },
    leaving: [{ name: "gitea", chart: "gitea", action: "delete" }],
    environments: { drawn: [{ name: "dev", action: "added", counts: [] }], left: { changing: 0, staying: 0 } },
    sharedPools: [{ name: "shared", action: "none", amounts: [{ unit: "cores", before: "64", after: "64" }] }],
    teams: {
      drawn: [
        {
          name: "checkout",
          action: "changed",
          quotas: [{ name: "namespace team-checkout", amounts: [{ unit: "cores", before: "8", after: "80" }] }],
          pools: [{ name: "checkout-general", action: "removed", amounts: [{ unit: "cores", before: "48" }] }],
        },
      ],
      left: { changing: 2, staying: 940 },
    },
  },
  notes: ["The plan is not complete."],
  fingerprint: "f00d",
};

const reviewOf = (...stacks: readonly StackReview[]): Review => ({
  version: 1,
  level: "danger",
  verdict: "A policy denies this change.",
  stacks,
  policies: {
    violations: [
      {
        rule: "no-wildcards",
        severity: "deny",
        stack: "aws-platform",
        address: "aws_iam_policy.wide",
        path: "wide",
        message: "may do everything",
        why: "whoever has it has all",
        fix: "name the actions",
        links: [],
      },
    ],
    waived: [],
    expired: [],
    unused: [],
  },
  fingerprint: "cafe",
});

const REVIEW = reviewOf(STACK);
const page = renderReviewPage(REVIEW, { footer: ["base abc1234"] });
/** What a person reads, on one line. */
const read = (html: string): string =>
  html
    .replace(/<(style|script)>[\s\S]*?<\/\1>/g, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ");

test.each([
  ["the verdict", "A policy denies this change."],
  ["counts", "1 to replace, 1 to change, 1 drifted; 4 values known after the apply only"],
  ["findings", "Dangerous the network is replaced"],
  ["policies", "Denied may do everything · no-wildcards aws_iam_policy.wide whoever has it has all name the actions"],
  ["what a team may use", "checkout namespace team-checkout cores 8 80 × 10"],
  ["what else becomes of a team", "group sre gets edit"],
  ["a removed team", "ml − removed 2 objects, and nothing that it may use"],
  ["a chart's jump", "argo-cd 9.1.0 → 10.0.0, major , with CRDs"],
  ["an object", "± replace network/vpc platform network · with all that has an address in it · the new one first"],
  ["why it is replaced", "- cidr_block: 10.0.0.0/16 # forces replacement + cidr_block: 10.8.0.0/16"],
  ["a diff of lines", "spec.hard: -cpu: 8 +cpu: 80 pods: 10"],
  ["drift", "Changed outside Terraform ~ change control-plane/cluster"],
  ["what is deferred", "helm_release.later provider config unknown"],
  ["outputs", "endpoint https://old {&quot;url&quot;:&quot;new&quot;}"],
  ["notes", "The plan is not complete."],
  ["the footer", "base abc1234 · fingerprint cafe"],
])("the page says %s", (_what, words) => {
  expect(read(page)).toContain(words);
});

const rows = (from: string, to: string): string => read(page).split(from)[1]?.split(to)[0] ?? "";

test("the picture has releases in their order, and those that go apart", () => {
  const layers = /<ol class="layers">([\s\S]*?)<\/ol>/.exec(page)?.[1]?.split(/(?<=<\/ul>)<\/li>/) ?? [];
  expect(layers.map(read).filter((layer) => layer.trim() !== "")).toEqual([
    expect.stringMatching(/karpenter-crd.*cert-manager/),
    expect.stringMatching(/argo-cd ~ change argo-helm/),
  ]);
  expect(rows("Releases that go", "Environments")).toMatch(/gitea − destroy/);
});

test("what changes in the picture is said in words and signs, and what stays is not", () => {
  expect(rows("Cloud, in the order", "Releases")).toContain("network ± 25 replace");
  expect(rows("Environments", "Shared pools")).toContain("dev + new");
  expect(rows("Shared pools", "Teams")).toContain("pool shared 64 cores");
  expect(rows("Teams, with what", "Objects")).toMatch(
    /checkout ~ changes namespace team-checkout: 8 → 80 cores pool checkout-general − removed 48 cores/,
  );
  expect(page).toContain('<li class="box update"><span class="name">argo-cd</span>');
  expect(page).toContain('<li class="box none"><span class="name">cert-manager</span>');
});

test("what the picture leaves out is counted", () => {
  expect(read(page)).toContain("Not drawn: 2 more teams that change, 940 teams that stay as they are.");
  expect(read(page)).toContain("Not drawn: 1 release that stays as it is.");
});

test("filters have names, a choice for each action and each team, and say what they find", () => {
  const form = /<form[\s\S]*?<\/form>/.exec(page)?.[0] ?? "";
  expect(form).toContain('aria-label="Filter the objects of aws-platform"');
  expect(form).toContain("<legend>Action</legend>");
  expect(
    [...form.matchAll(/<label><input type="checkbox" name="action" value="(\w+)"/g)].map(([, value]) => value),
  ).toEqual(["replace", "update"]);
  expect([...form.matchAll(/<option[^>]*>([^<]*)/g)].map(([, words]) => words)).toEqual([
    "all",
    "checkout",
    "shared by all",
  ]);
  expect(form).toMatch(/<label>Team\s+<select/);
  expect(form).toMatch(/<label>Text\s+<input type="search"/);
  expect(form).toContain('<output aria-live="polite">');
});

test("without its script the page hides its filters only, and folds details that open by themselves", () => {
  expect([...page.matchAll(/<(\w+)[^>]*\shidden[\s>]/g)].map(([, tag]) => tag)).toEqual(["form"]);
  expect(page).toMatch(/<details class="object" data-action="update" data-team="checkout">\s*<summary>/);
});

test("a policy allows the page's own style and script and nothing else", () => {
  const hash = (content: string | undefined): string =>
    `'sha256-${createHash("sha256")
      .update(content ?? "")
      .digest("base64")}'`;
  const [, style] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
  const [, script] = /<script>([\s\S]*?)<\/script>/.exec(page) ?? [];
  const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
  expect(policy).toBe(
    `default-src 'none'; style-src ${hash(style)}; script-src ${hash(script)}; base-uri 'none'; form-action 'none'`,
  );
  expect(page).not.toMatch(/<[^>]*\s(style|on\w+)=/);
});

test("nothing is asked for from elsewhere", () => {
  expect(page).not.toMatch(/<(link|img|iframe|object|embed|base|source|video|audio|form[^>]*action)\b/);
  expect(page).not.toMatch(/\ssrc(set)?=|url\(|@import|\bfetch\(|\bimport\b/);
  expect([...page.matchAll(/<(\w+)[^>]*href="([^"#][^"]*)"/g)].map(([, tag, to]) => [tag, to])).toEqual([
    ["a", "https://github.com/argoproj/argo-helm/releases"],
  ]);
});

test("headings go down one step at a time", () => {
  const levels = [...page.matchAll(/<h(\d)/g)].map(([, level]) => Number(level));
  expect(levels[0]).toBe(1);
  expect(levels.filter((level, index) => level > (levels[index - 1] ?? 0) + 1)).toEqual([]);
});

test("a page of several stacks leads to each; one of a single stack says its verdict once", () => {
  const two = renderReviewPage(reviewOf(STACK, { ...STACK, name: "azure-platform" }));
  expect(two).toMatch(
    /<nav aria-label="Stacks">[\s\S]*href="#stack-0">aws-platform[\s\S]*href="#stack-1">azure-platform/,
  );
  const ids = [...two.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect([...page.matchAll(/class="verdict/g)]).toHaveLength(1);
});

test("a policy that is no stack's own is said as well", () => {
  const [violation] = REVIEW.policies.violations;
  const all = {
    ...REVIEW,
    policies: { ...REVIEW.policies, violations: [{ ...(violation as NonNullable<typeof violation>), stack: "all" }] },
  };
  expect(read(renderReviewPage(all))).toContain("Denied may do everything");
});

/** What decides how something is shown, and never comes out of a plan as it is. */
const OURS = new Set(["action", "level", "kind", "severity", "source"]);
const HOSTILE = `"><img src=x onerror=alert(1)></details></script><script>alert(1)</script>' onmouseover='x' " onfocus="x`;

const hostile = (value: unknown, key = ""): unknown => {
  if (typeof value === "string") return OURS.has(key) ? value : HOSTILE;
  if (Array.isArray(value)) return value.map((inner) => hostile(inner));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, hostile(inner, name)]));
};

test("hostile names and values stay text, wherever they stand", () => {
  const html = renderReviewPage(hostile(reviewOf(STACK, STACK)) as Review, { footer: [HOSTILE] });
  const tags = (of: string): Set<string | undefined> => new Set([...of.matchAll(/<(\/?\w+)/g)].map(([, tag]) => tag));
  expect(tags(html).has("img")).toBe(false);
  expect([...html.matchAll(/<script/g)]).toHaveLength(1);
  expect([...html.matchAll(/<\/details/g)]).toHaveLength([...html.matchAll(/<details/g)].length);
  expect(html).not.toMatch(/["'] on(mouseover|focus)=/);
  expect(html).toContain("&lt;img src=x onerror=alert(1)&gt;");
  expect(html).not.toContain('href="&quot;');
});

test("characters that turn text around or hide it are shown as what they are", () => {
  const html = renderReviewPage(reviewOf({ ...STACK, notes: ["safe\u202egnirts\u200b"] }));
  expect(html).toContain("safe\\u202egnirts\\u200b");
});

test("nothing to say leaves no empty section", () => {
  const empty = { drawn: [], left: { changing: 0, staying: 0 } };
  const html = renderReviewPage({
    ...REVIEW,
    policies: { ...REVIEW.policies, violations: [] },
    stacks: [
      {
        ...STACK,
        findings: [],
        teams: [],
        releases: [],
        objects: [],
        drift: [],
        deferred: [],
        outputs: [],
        notes: [],
        picture: {
          foundation: empty,
          layers: [],
          otherReleases: empty.left,
          leaving: [],
          environments: empty,
          sharedPools: [],
          teams: empty,
        },
      },
    ],
  });
  expect(html).not.toMatch(/<h[34]/);
});
