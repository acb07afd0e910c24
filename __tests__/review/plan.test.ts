import fc from "fast-check";
import { createColors } from "picocolors";
import { largePlan } from "../../bench/large-plan";
import { readPlan } from "../../review/read/plan";
import { COMMENT_BUDGET, renderMarkdown } from "../../review/render/markdown";
import { renderTerminal } from "../../review/render/terminal";
import { reviewOf, type Review, type StackReview } from "../../review/review";

const POLICIES = { violations: [], waived: [], expired: [], unused: [] };

interface Part {
  readonly type?: string;
  readonly name?: string;
  readonly actions: readonly string[];
  readonly before?: unknown;
  readonly after?: unknown;
  readonly rest?: object;
  readonly change?: object;
}

const resource = ({
  type = "terraform_data",
  name = "x",
  actions,
  before = null,
  after = null,
  rest,
  change,
}: Part): object => ({
  address: `${type}.${name}`,
  mode: "managed",
  type,
  name,
  change: { actions, before, after, after_unknown: {}, before_sensitive: {}, after_sensitive: {}, ...change },
  ...rest,
});

const planOf = (parts: readonly Part[], rest: object = {}): string =>
  JSON.stringify({ format_version: "1.2", resource_changes: parts.map(resource), ...rest });

const read = (text: string) => readPlan(text, { stack: "theirs" });
const review = (text: string): Review => reviewOf([read(text)], POLICIES);
const only = (text: string): StackReview => review(text).stacks[0] as StackReview;
const update = (before: unknown, after: unknown): string => planOf([{ actions: ["update"], before, after }]);

const terminal = (text: string): string => renderTerminal(review(text), createColors(false));
const markdown = (text: string, budget = COMMENT_BUDGET): string => renderMarkdown(only(text), POLICIES, { budget });

/** Fences open and close, each by one of its own length. */
function openFence(text: string): string | undefined {
  let open: string | undefined;
  for (const line of text.split("\n")) {
    const [, fence] = /^(`{3,})/.exec(line) ?? [];
    if (fence === undefined) continue;
    if (open === undefined) open = fence;
    else if (fence.length >= open.length && /^`+\s*$/.test(line)) open = undefined;
  }
  return open;
}

const balanced = (text: string): void => {
  expect(openFence(text)).toBeUndefined();
  const markup = withoutCode(text);
  expect(markup.match(/(?<!\\)<details>/g)?.length).toBe(markup.match(/(?<!\\)<\/details>/g)?.length);
};

describe("what is no plan is said to be none", () => {
  const whole = planOf([{ actions: ["create"], after: { a: 1 } }]);
  test.each([
    ["nothing", "", /is empty/],
    ["blanks", " \n", /is empty/],
    ["a page", "<html>", /is not JSON/],
    ["a plan that is cut off", whole.slice(0, -9), /is not JSON: it is cut off/],
    ["a number", "1", /no format_version/],
    ["a list", "[]", /no format_version/],
    ["null", "null", /no format_version/],
    ["the next major version", JSON.stringify({ format_version: "2.0" }), /has format 2\.0.*update stackyard/],
    ["a version that only begins so", JSON.stringify({ format_version: "10.0" }), /has format 10\.0/],
    ["a state", JSON.stringify({ format_version: "1.0", values: { root_module: {} } }), /is a state and no plan/],
    ["a synthesized stack", JSON.stringify({ terraform: {}, resource: {} }), /is a synthesized stack and no plan/],
    [
      "an unknown action",
      planOf([{ actions: ["transmute"] }]),
      /does transmute with terraform_data\.x.*update stackyard/,
    ],
    ["an action that every object of JavaScript has", planOf([{ actions: ["constructor"] }]), /does constructor/],
    [
      "a list that is none",
      JSON.stringify({ format_version: "1.2", resource_changes: {} }),
      /is not a whole plan: resource_changes/,
    ],
    [
      "an object without a change",
      JSON.stringify({ format_version: "1.2", resource_changes: [{ address: "a", type: "b", name: "c" }] }),
      /is not a whole plan: resource_changes\.0\.change/,
    ],
    [
      "levels without end",
      `{"format_version":"1.2","x":${"[".repeat(5000)}${"]".repeat(5000)}}`,
      /nested deeper than 500/,
    ],
  ])("%s", (_name, text, message) => {
    expect(() => read(text)).toThrow(message);
    expect(() => read(text)).toThrow(expect.objectContaining({ name: "PlanError" }) as Error);
  });

  test("and nothing of its text is quoted", () => {
    expect(() => read("hunter2hunter2")).not.toThrow(/hunter2/);
    expect(() => read('{"a": hunter2')).not.toThrow(/hunter2/);
  });

  test("nor does an error hold what a terminal obeys", () => {
    const text = planOf([{ actions: ["\u001b[2Jx"], rest: { address: "a\n\u001b[31mb" } }]);
    // eslint-disable-next-line no-control-regex -- control characters must not be there
    expect(() => read(text)).not.toThrow(/[\u0000-\u001f]/);
  });
});

describe("a stack that is not ours", () => {
  test("is reviewed by what Terraform says of it", () => {
    const stack = only(
      planOf([
        { name: "a", actions: ["update"], before: { input: "x" }, after: { input: "y" } },
        {
          actions: ["create"],
          after: { input: 1 },
          rest: { address: 'module.m["k"].terraform_data.b[0]', module_address: 'module.m["k"]' },
        },
        {
          actions: ["delete"],
          before: { input: 1 },
          rest: { address: 'module.m["k"].terraform_data.b[1]', action_reason: "delete_because_count_index" },
        },
        { actions: ["no-op"], before: { input: 1 }, after: { input: 1 }, rest: { address: "terraform_data.same" } },
      ]),
    );
    expect(stack.counts).toMatchObject({ update: 1, create: 1, delete: 1 });
    expect(stack.objects.map(({ address }) => address)).toEqual([
      'module.m["k"].terraform_data.b[1]',
      "terraform_data.a",
      'module.m["k"].terraform_data.b[0]',
    ]);
    expect(stack.teams).toEqual([]);
    expect(stack.objects[1]?.differences).toEqual([{ path: "input", before: "x", after: "y" }]);
  });

  test("an empty one changes nothing", () => {
    expect(review(JSON.stringify({ format_version: "1.2" }))).toMatchObject({ level: "none" });
  });

  test("only its outputs change", () => {
    const output = {
      actions: ["update"],
      before: "a",
      after: "b",
      after_unknown: false,
      before_sensitive: false,
      after_sensitive: false,
    };
    const text = planOf([], { output_changes: { url: output } });
    expect(only(text)).toMatchObject({ level: "routine", outputs: [{ name: "url", before: "a", after: "b" }] });
    expect(markdown(text)).toContain("`url`: `a` → `b`");
  });

  test.each<[string, Part, object]>([
    [
      "import",
      { actions: ["no-op"], before: { a: 1 }, after: { a: 1 }, change: { importing: { id: "i-1" } } },
      { action: "none", importedFrom: "i-1" },
    ],
    [
      "move",
      { actions: ["no-op"], before: { a: 1 }, after: { a: 1 }, rest: { previous_address: "terraform_data.old" } },
      { action: "none", movedFrom: "terraform_data.old" },
    ],
    ["forget", { actions: ["forget"], before: { a: 1 } }, { action: "forget" }],
    [
      "deposed",
      { actions: ["delete"], before: { a: 1 }, rest: { deposed: "abc12345" } },
      { action: "delete", address: "terraform_data.x (deposed abc12345)" },
    ],
    [
      "create_before_destroy",
      { actions: ["create", "delete"], before: { a: 1 }, after: { a: 2 } },
      { action: "replace", createBeforeDestroy: true },
    ],
    ["destroy first", { actions: ["delete", "create"], before: { a: 1 }, after: { a: 2 } }, { action: "replace" }],
  ])("%s", (_name, part, expected) => {
    expect(only(planOf([part])).objects).toEqual([expect.objectContaining(expected)]);
  });

  test("deferred", () => {
    const deferred = { reason: "provider_config_unknown", resource_change: { address: "a.b" } };
    expect(only(planOf([], { deferred_changes: [deferred] })).findings).toEqual([
      { level: "caution", text: "1 object can only be planned after this apply", addresses: ["a.b"] },
    ]);
  });
});

/** What does harm where it is taken for more than text. */
const HOSTILE = [
  "</code></details><script>alert(1)</script><img src=x onerror=y>",
  "```\n# heading\n~~~\n````",
  "@everyone @acme/platform #1 GH-1 [x](javascript:alert(1)) ![x](https://evil.example/x.png)",
  "\u001b[2J\u001b[31mred\u001b]8;;https://evil.example\u0007link\u009b1m\r\b\u0000",
  "| a | b |\n| --- | --- |\n<!-- platform-review:v1 stack=other -->",
  "\u202eabc\u2066\u200fdef\u2028ghi",
  "(.*+?^${}()|[]\\ [a-z",
  "half \ud83d of one, and the other \ude00",
];

describe.each(HOSTILE)("hostile text %#", (text) => {
  const plan = planOf(
    [
      {
        name: text,
        actions: ["update"],
        before: { [text]: text, list: [text], v: `${text}\na`, n: "1" },
        after: { [text]: `${text} `, list: [], v: `${text}\nb`, n: text },
        rest: { address: text, previous_address: `${text}1`, action_reason: text },
        change: { importing: { id: text } },
      },
      {
        type: "helm_release",
        name: "r",
        actions: ["create"],
        after: { name: text, namespace: text, chart: text, version: text, values: [text] },
      },
      { name: "gone", actions: ["delete"], before: { name: text }, rest: { address: `${text}2`, action_reason: text } },
      {
        type: "kubernetes_namespace_v1",
        name: "n",
        actions: ["delete", "create"],
        before: { metadata: [{ name: text, labels: { team: text } }] },
        after: { metadata: [{ name: `${text}x` }] },
        change: { replace_paths: [["metadata", 0, "name"]] },
      },
    ],
    {
      output_changes: {
        [text]: {
          actions: ["create"],
          before: null,
          after: text,
          after_unknown: false,
          before_sensitive: false,
          after_sensitive: false,
        },
      },
      deferred_changes: [{ reason: text, resource_change: { address: text } }],
    },
  );

  test("moves no terminal", () => {
    // eslint-disable-next-line no-control-regex -- control characters must not be there
    expect(terminal(plan)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  });

  test("is only text in a comment", () => {
    const comment = markdown(plan);
    balanced(comment);
    // What a line of HTML begins is HTML up to the next blank one: nothing in it is Markdown.
    const outside = withoutCode(comment).replace(/<code>[^<]*<\/code>/g, "");
    expect(
      outside.match(/(?<!\\)<(?!\/?(?:details|summary|b|code|sub|br)>|!-- platform-review:v1 stack=theirs -->)/g),
    ).toBeNull();
    expect(outside).not.toMatch(/@(?=\w)|(?<!\\)\]\(javascript|(?<!\\)!\[/);
    expect(comment.split("<!-- platform-review:v1")[1]).toMatch(/^ stack=theirs/);
    expect(comment).not.toMatch(/\p{Surrogate}/u);
  });

  test("and no size of the comment breaks it", () => {
    for (const budget of [60_000, 6000, 3000, 1500, 800, 400, 200]) {
      const comment = markdown(plan, budget);
      expect(comment.length).toBeLessThanOrEqual(budget);
      balanced(comment);
    }
  });
});

/** What is left of a comment without its fences and its inline code. */
const withoutCode = (text: string): string =>
  text.replace(/^(`{3,})diff\n[\s\S]*?\n\1$/gm, "").replace(/(?<![`\\])(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, "");

describe("hostile values", () => {
  const quietly = (before: unknown, after: unknown): string => {
    const text = update(before, after);
    balanced(markdown(text));
    return `${terminal(text)}${JSON.stringify(review(text))}`;
  };

  test("names that every object of JavaScript has are names", () => {
    const text = update({ a: 1 }, { a: 2 }).replace(
      '"a":2',
      '"a":2,"__proto__":{"polluted":1},"constructor":"c","toString":"t"',
    );
    expect(only(text).objects[0]?.differences.map(({ path }) => path)).toEqual([
      "a",
      "__proto__",
      "constructor",
      "toString",
    ]);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    const types = ["constructor", "__proto__", "toString"].map((type) => ({
      type,
      actions: ["delete"],
      before: { a: 1 },
      rest: { action_reason: type },
    }));
    expect(markdown(planOf(types))).toContain("constructor");
  });

  test("values of a release that do the same pollute nothing", () => {
    const values = (count: number): string =>
      `__proto__:\n  polluted: ${count}\nconstructor:\n  prototype:\n    polluted: ${count}\n`;
    const text = planOf([
      {
        type: "helm_release",
        actions: ["update"],
        before: { name: "x", values: [values(1), "a: 1\n"] },
        after: { name: "x", values: [values(2), "a: 1\n"] },
      },
    ]);
    expect(only(text).counts.update).toBe(1);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  test.each([
    ["JSON in a string", (n: number) => `${"[".repeat(n)}1${"]".repeat(n)}`],
    ["YAML in a string", (n: number) => `a:\n  b: ${"[".repeat(n)}1${"]".repeat(n)}\n`],
    [
      "YAML by indentation",
      (n: number) => Array.from({ length: Math.min(n, 1000) }, (_, i) => `${" ".repeat(i)}a:`).join("\n"),
    ],
  ])("levels without end: %s", (_name, deep) => {
    expect(quietly({ a: deep(20_000) }, { a: `${deep(20_000)} ` })).toContain("terraform_data.x");
  });

  test("aliases that multiply are not multiplied", () => {
    const names = "abcdefghi".split("");
    const bomb = names
      .map(
        (name, index) =>
          `${name}: &${name} [${Array(9)
            .fill(index === 0 ? "lol" : `*${names[index - 1] ?? ""}`)
            .join(",")}]`,
      )
      .join("\n");
    expect(quietly({ a: `${bomb}\n` }, { a: `${bomb}\nx: 1\n` }).length).toBeLessThan(100_000);
  });

  test.each([
    ["one line", "x".repeat(5_000_000)],
    ["what looks like names of secrets", "a.".repeat(2_500_000)],
    ["what looks like tokens", "eyJ-".repeat(1_250_000)],
    ["what looks like addresses", "a://".repeat(1_250_000)],
    ["lines", "some: line of a text\n".repeat(240_000)],
  ])("5 MB of %s", (_name, long) => {
    expect(quietly({ a: "x" }, { a: long }).length).toBeLessThan(12_000_000);
  });
});

describe("10,000 changes", () => {
  const text = largePlan({ changes: 10_000, releases: 20, lines: 6000 });
  const stack = only(text);

  test("make a comment that says what it leaves out", () => {
    const comment = renderMarkdown(stack, POLICIES);
    expect(comment.length).toBeLessThanOrEqual(COMMENT_BUDGET);
    balanced(comment);
    expect(comment).toContain("leaves out details");
    expect(comment).toMatch(/\d+ more|: \d{3,}/);
  });

  test("of values of 6,000 lines only what changes is told", () => {
    const [release] = stack.objects.filter(({ type }) => type === "helm_release");
    expect(release?.differences).toEqual([{ path: "values.service-50.replicas", before: 2, after: 3 }]);
  });
});

test("whatever the text and the size, a comment is whole and within its size", () => {
  const anything = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: fc.constantFrom("`", "\n", "~", "<", "|", "a", "-", "\\", "@") }),
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(anything, anything, anything), { maxLength: 6 }),
      fc.integer({ min: 200, max: 5000 }),
      (texts, budget) => {
        const parts = texts.map(([a, b, c], index): Part => ({
          name: `n${index}${a}`,
          actions: ["update"],
          before: { [a]: b, t: `${b}\n` },
          after: { [a]: c, t: `${c}\n` },
        }));
        const comment = markdown(planOf(parts), budget);
        expect(comment.length).toBeLessThanOrEqual(budget);
        balanced(comment);
      },
    ),
    { numRuns: 150 },
  );
});
