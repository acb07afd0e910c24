/** What a review says where admission changes. */
import { ofAdmission, ofPodSecurity } from "../../../review/understand/findings/admission";
import { changeOf, type Planned } from "../../support/plans";

const namespace = (team: string, before: string | undefined, after: string): Planned => ({
  address: `kubernetes_namespace_v1.teams_${team}_team-${team}_namespace_1234ABCD`,
  actions: ["update"],
  before: {
    metadata: [{ name: `team-${team}`, labels: before === undefined ? {} : { "stackyard.dev/admission": before } }],
  },
  after: { metadata: [{ name: `team-${team}`, labels: { "stackyard.dev/admission": after } }] },
});

const inProd = (mode: string, registries: string) =>
  `environments: [{ name: prod, labels: { stackyard.dev/admission: ${mode} } }]\ninside: { annotations: { stackyard.dev/registries: ${registries} } }`;
const release: Planned = {
  address: "helm_release.teams_web_chart_release_1234ABCD",
  actions: ["update"],
  before: { chart: "assets/chart-team/x", name: "team-web", values: [inProd("enforce", "ghcr.io/acme")] },
  after: { chart: "assets/chart-team/x", name: "team-web", values: [inProd("warn", "docker.io ghcr.io/acme")] },
};

const said = (...planned: readonly Planned[]) => ofAdmission(changeOf(planned).changes);

test("a mode is said once, however many namespaces have it", () => {
  const findings = said(namespace("web", "warn", "enforce"), namespace("docs", undefined, "enforce"));
  expect(findings).toMatchObject([
    {
      level: "caution",
      text: "admission enforces on the host: what teams run there without tags, requests or limits of memory gets no new pods",
    },
  ]);
  expect(findings[0]?.addresses).toHaveLength(2);
});

test("an environment and its registries are said by name", () => {
  expect(said(release).map(({ text }) => text)).toEqual([
    "admission only warns in prod: what teams run there may have no tags, requests or limits of memory",
    "images of teams may come from other registries: ghcr.io/acme → docker.io, ghcr.io/acme",
  ]);
});

test("a warning that is new takes nothing from anybody", () => {
  expect(said(namespace("web", undefined, "warn"))).toEqual([]);
});

test("a namespace's standard of pods is said by name, and what a stricter one refuses", () => {
  const level = (labels: Record<string, string> | null) => ({ metadata: [{ name: "team-web", labels }] });
  const enforce = (standard: string) => level({ "pod-security.kubernetes.io/enforce": standard });
  const said = (before: ReturnType<typeof level>, after: ReturnType<typeof level>) =>
    changeOf([{ address: namespace("web", undefined, "warn").address, actions: ["update"], before, after }])
      .changes.flatMap(ofPodSecurity)
      .map(({ text }) => text);
  const refuses = "pods that break it are refused when they are next made";
  expect(said(enforce("baseline"), enforce("restricted"))).toEqual([
    `Pod Security of team-web goes from baseline to restricted: ${refuses}`,
  ]);
  expect(said(level(null), enforce("baseline"))).toEqual([
    `Pod Security of team-web goes from none to baseline: ${refuses}`,
  ]);
  expect(said(enforce("restricted"), enforce("baseline"))).toEqual([
    "Pod Security of team-web goes from restricted to baseline",
  ]);
  expect(said(enforce("baseline"), enforce("baseline"))).toEqual([]);
});
