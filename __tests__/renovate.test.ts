/** renovate.json finds every version that is pinned in the sources, and each by the place where new ones are published. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CHARTS, type ChartPin } from "../modules/helm/charts";
import { IMAGES } from "../modules/helm/images";

interface Manager {
  readonly managerFilePatterns: readonly string[];
  readonly matchStrings: readonly string[];
  readonly datasourceTemplate: string;
  readonly depNameTemplate?: string;
  readonly packageNameTemplate?: string;
}

const root = join(__dirname, "..");
const { customManagers } = JSON.parse(readFileSync(join(root, "renovate.json"), "utf8")) as {
  customManagers: readonly Manager[];
};

/** Sources, with paths as Renovate knows them. */
const sources = ["config", "modules", "stacks"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .map((name) => `${folder}/${name}`)
    .filter((name) => name.endsWith(".ts")),
);
const textOf = (path: string) => readFileSync(join(root, path), "utf8");
const finds = ({ managerFilePatterns }: Manager, path: string) =>
  managerFilePatterns.some((pattern) => new RegExp(pattern.slice(1, -1)).test(path));

/** As Renovate fills in `{{{name}}}`. */
const fill = (template: string, groups: Readonly<Record<string, string>>) =>
  template.replaceAll(/\{\{\{(\w+)\}\}\}/g, (_, name: string) => groups[name] ?? "");

const found = customManagers.flatMap((manager) =>
  sources
    .filter((path) => finds(manager, path))
    .flatMap((path) =>
      manager.matchStrings.flatMap((text) =>
        [...textOf(path).matchAll(new RegExp(text, "g"))].map(({ groups = {} }) => {
          const depName = fill(manager.depNameTemplate ?? groups["depName"] ?? "", groups);
          const at = manager.packageNameTemplate
            ? fill(manager.packageNameTemplate, { ...groups, depName })
            : `${groups["registryUrl"]} ${depName}`;
          return `${manager.datasourceTemplate} ${at} ${groups["currentValue"]}`;
        }),
      ),
    ),
);

const chart = ({ repository, chart, version }: ChartPin) =>
  repository.startsWith("oci://")
    ? `docker ${repository.slice("oci://".length)}/${chart} ${version}`
    : `helm ${repository} ${chart} ${version}`;

test("every chart and image is found, once, and nothing else", () => {
  const inOneCloud = (path: string, pattern: RegExp) => pattern.exec(textOf(path))?.[1];
  expect([...found].sort()).toEqual(
    [
      ...Object.values(CHARTS).map(chart),
      ...Object.values(IMAGES).map(({ registry, repository, tag }) => `docker ${registry}/${repository} ${tag}`),
      `docker public.ecr.aws/karpenter/karpenter ${inOneCloud("stacks/aws/karpenter.ts", /VERSION = "(.+)"/)}`,
      `helm https://aws.github.io/eks-charts aws-load-balancer-controller ${inOneCloud("stacks/aws/load-balancer-controller.ts", /version: "(.+)"/)}`,
    ].sort(),
  );
});

test("no file pins a chart where no manager looks", () => {
  const pinning = sources.filter((path) => /repository: "(https|oci):/.test(textOf(path)));
  expect(pinning).toEqual(expect.arrayContaining(["modules/helm/charts.ts", "stacks/aws/karpenter.ts"]));
  expect(pinning.filter((path) => !customManagers.some((manager) => finds(manager, path)))).toEqual([]);
});
