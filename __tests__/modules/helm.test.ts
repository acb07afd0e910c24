import { readdirSync } from "node:fs";
import { join } from "node:path";
import {
  App,
  DefaultTokenResolver,
  StringConcat,
  TerraformStack,
  TerraformVariable,
  Testing,
  Tokenization,
} from "cdktf";
import fc from "fast-check";
import { parse, stringify } from "yaml";
import { CHARTS } from "../../modules/helm/charts";
import { HelmRelease } from "../../modules/helm/helm-release";
import { layerValues, readValues, renderValues } from "../../modules/helm/values";

const VALUES = join(__dirname, "..", "..", "charts-values");

describe("values", () => {
  test("maps merge, arrays replace, the last wins", () => {
    expect(layerValues({ a: { b: 1, c: [1, 2] } }, { a: { c: [3] } }, { a: { d: null } })).toEqual({
      a: { b: 1, c: [3], d: null },
    });
  });

  test("a layer that says nothing changes nothing", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (values) => {
        fc.pre(!("__proto__" in values));
        expect(layerValues(values, {})).toEqual(layerValues(values));
      }),
    );
  });

  test("what is written reads as the same, whatever is in it", () => {
    const text = fc.string({ maxLength: 40 }).filter((value) => !/[$%]\{/.test(value) && !value.includes("__proto__"));
    const values = fc.dictionary(
      text,
      fc.oneof(text, fc.integer(), fc.boolean(), fc.array(text), fc.dictionary(text, text)),
    );
    fc.assert(
      fc.property(values, (written) => {
        expect(parse(renderValues(written))).toEqual(written);
      }),
    );
  });

  test("maps and lists stand as the library writes them, whatever is in them", () => {
    const text = fc
      .oneof(
        fc.string(),
        fc.string({ unit: fc.constantFrom("\n", " ", "a", "-", "#", ":", "'", '"', "1", "\t"), maxLength: 30 }),
      )
      // A mark of documents as a nested key is quoted here, and there is not; and nobody reads spaces in an empty line.
      .filter((value) => !/[$%]\{|__proto__|^(%|---|\.\.\.)/m.test(value));
    const { nested } = fc.letrec((tie) => ({
      nested: fc.oneof(
        text,
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie("nested")),
        fc.dictionary(text, tie("nested")),
      ),
    }));
    const options = { sortMapEntries: true, aliasDuplicateObjects: false, compat: "yaml-1.1", lineWidth: 0 } as const;
    const withoutSpaces = (written: string) => written.replaceAll(/^ +$/gm, "");
    fc.assert(
      fc.property(fc.dictionary(text, nested), (values) => {
        expect(withoutSpaces(renderValues(values))).toBe(withoutSpaces(stringify(values, options)));
      }),
    );
  });

  test("the order of keys makes no difference", () => {
    expect(renderValues({ b: 1, a: { d: 2, c: 3 } })).toBe(renderValues({ a: { c: 3, d: 2 }, b: 1 }));
  });

  test("Terraform leaves a literal ${ or %{ alone", () => {
    expect(renderValues({ a: "${HOME} %{x}" })).toBe("a: $${HOME} %%{x}\n");
  });

  test("a reference is quoted, so that no value breaks the document", () => {
    const stack = new TerraformStack(new App({ outdir: "/nowhere", skipValidation: true }), "s");
    const variable = new TerraformVariable(stack, "host", {});
    const rendered = renderValues({ a: { b: `x-${variable.stringValue}` } });
    expect(
      Tokenization.resolve(rendered, { scope: stack, resolver: new DefaultTokenResolver(new StringConcat()) }),
    ).toBe('a:\n  b: "x-${var.host}"\n');
  });

  test("every file reads as a map", () => {
    const files = readdirSync(VALUES, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".yaml"));
    expect(files.length).toBeGreaterThan(30);
    for (const file of files) {
      const values: unknown = readValues(file.replace(/\.yaml$/, ""));
      expect([file, typeof values, values === null || Array.isArray(values)]).toEqual([file, "object", false]);
    }
  });

  test("a virtual cluster's file never asks for what needs a licence", () => {
    for (const name of ["vcluster/dev", "vcluster/prod", "vcluster/mgmt"]) {
      expect(readValues(name)).toMatchObject({
        controlPlane: { statefulSet: { image: { repository: "loft-sh/vcluster-oss" } } },
        policies: { resourceQuota: { enabled: false } },
      });
      expect(JSON.stringify(readValues(name))).not.toMatch(
        /centralAdmission|"sleep"|"embedded"|integrations|resolveDNS/,
      );
    }
  });
});

describe("a release", () => {
  const make = (props: Partial<ConstructorParameters<typeof HelmRelease>[2]>): Record<string, unknown> => {
    const stack = new TerraformStack(new App({ outdir: "/nowhere", skipValidation: true }), "s");
    new HelmRelease(stack, "r", {
      chart: CHARTS.gitea,
      name: "gitea",
      namespace: "gitea",
      values: {},
      dependsOn: [],
      ...props,
    });
    const json = JSON.parse(Testing.synth(stack)) as {
      resource: { helm_release: Record<string, Record<string, unknown>> };
    };
    return Object.values(json.resource.helm_release)[0] ?? {};
  };

  test("of a name that Helm refuses is refused before", () => {
    expect(() => make({ name: "n".repeat(54) })).toThrow(
      `Helm release "${"n".repeat(54)}" has 54 characters; allowed: 53; shorten the name it is made from`,
    );
  });

  test("comes from the mirror of its repository", () => {
    expect(
      make({ registries: { charts: { "https://dl.gitea.com/charts": "oci://mirror.example/charts" }, images: {} } })[
        "repository"
      ],
    ).toBe("oci://mirror.example/charts");
    expect(
      make({ registries: { charts: { "https://other.example": "oci://mirror.example/charts" }, images: {} } })[
        "repository"
      ],
    ).toBe("https://dl.gitea.com/charts");
  });

  test("of a chart of the project's own is an asset without a repository", () => {
    const release = make({ chart: "database", name: "db" });
    expect(release["chart"]).toMatch(/^assets\/chart-database\/[0-9A-F]{32}$/);
    expect(release["repository"]).toBeUndefined();
  });
});
