/** With one mirror for everything, no stack names a public registry or chart repository any more. */
import { installedReleases } from "../../cli/releases";
import { IMAGE_HOSTS } from "../../config/registries";
import { asText } from "../../policies/plan/synthesized-stack";
import { platformOf } from "../support/config";
import { KINDS, ofType, synth } from "../support/synth";

const MIRROR = "registry.acme.example/mirror";
const platform = platformOf((d) => {
  d.registries = { mirror: MIRROR };
  // With GPUs, so that what only they need is there, too.
  d.teams.web.nodePools.gpu = { class: "gpu", cpus: [4, 8], limits: { cpu: 32, memory: "256Gi" } };
});

/** Texts in values that are an image of a public registry, or begin as one. */
const PUBLIC = new RegExp(
  `(^|[^\\w./-])(${IMAGE_HOSTS.map((host) => host.replaceAll(".", "\\.")).join("|")})(/[a-z]|$)`,
);

function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(texts) : [];
}

describe.each(KINDS)("%s", (kind) => {
  const stack = `${kind}-platform`;
  const releases = installedReleases(platform, [stack]);

  test("charts come from the mirror", () => {
    const repositories = ofType(synth(platform, stack), "helm_release").map(({ attributes }) =>
      asText(attributes["repository"]),
    );
    expect([...new Set(repositories)].sort()).toEqual(["", `oci://${MIRROR}/charts`]);
  });

  test("no value names a public registry", () => {
    const named = releases.flatMap(({ name, values }) =>
      texts(values)
        .filter((text) => PUBLIC.test(text))
        .map((text) => `${name}: ${text}`),
    );
    expect(named).toEqual([]);
  });

  test("every image is fetched from the mirror, under the name of its registry", () => {
    const images = releases.flatMap(({ images }) => images);
    expect(images.filter(({ source, from }) => from !== `${MIRROR}/${source}`)).toEqual([]);
    expect([...new Set(images.map(({ source }) => withoutTag(source)))].sort()).toMatchSnapshot();
  });
});

const withoutTag = (image: string): string => image.replace(/[:@][^/]*$/, "");

test("without mirrors the same test would find some", () => {
  const releases = installedReleases(platformOf(), ["local-platform"]);
  expect(releases.flatMap(({ values }) => texts(values)).filter((text) => PUBLIC.test(text))).not.toEqual([]);
  expect(releases.flatMap(({ images }) => images).filter(({ source, from }) => source !== from)).toEqual([]);
});
