import { App, DefaultTokenResolver, StringConcat, TerraformStack, TerraformVariable, Tokenization } from "cdktf";
import fc from "fast-check";
import { withQuickTokens } from "../../cli/quick-tokens";

const stack = new TerraformStack(new App({ outdir: "/nowhere", skipValidation: true }), "s");
const variable = new TerraformVariable(stack, "x", {});
const resolve = (value: unknown): unknown =>
  Tokenization.resolve(value, { scope: stack, resolver: new DefaultTokenResolver(new StringConcat()) });

const tokens = [
  variable.stringValue,
  `a ${variable.stringValue} \${b}`,
  variable.numberValue,
  `port ${variable.numberValue}`,
  variable.listValue,
  variable.value,
  { [variable.stringValue]: 1 },
];

test("a value resolves as without, whatever is in it, and wherever a token is", () => {
  const { any } = fc.letrec((tie) => ({
    any: fc.oneof(
      fc.constantFrom(...tokens, undefined, null, "", "${a}", "1e+5"),
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.array(tie("any"), { maxLength: 4 }),
      fc.dictionary(fc.string(), tie("any"), { maxKeys: 4 }).filter((found) => !("__proto__" in found)),
    ),
  }));
  fc.assert(
    fc.property(any, (value) => {
      expect(JSON.stringify(withQuickTokens(() => resolve(value)))).toBe(JSON.stringify(resolve(value)));
    }),
  );
});

test("afterwards cdktf is as it was, also when the work fails", () => {
  const before: unknown = Reflect.get(Tokenization, "resolve");
  const work = (): never => {
    expect(Reflect.get(Tokenization, "resolve")).not.toBe(before);
    throw new Error("failed");
  };
  expect(() => withQuickTokens(work)).toThrow("failed");
  expect(Reflect.get(Tokenization, "resolve")).toBe(before);
});
