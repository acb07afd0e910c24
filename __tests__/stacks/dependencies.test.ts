/**
 * What a release holds decides what must be there before it: definitions before resources, operators and their webhooks before what they
 * guard, namespaces before what is in them, databases, Secrets and Services before who uses them. Terraform destroys along the same edges
 * backwards; that it does is what `terraform-sim cycle` looks at ("in order").
 */
import type { Platform } from "../../config/platform";
import * as azure from "../support/azure-variants";
import { platformOf, theirEks, type Draft } from "../support/config";
import { needs, unmet, type Need } from "../support/order";
import { graphOf, KINDS, synth, upstream, type Graph } from "../support/synth";
import { releasesOf } from "../support/wiring";

/** What is named and need not be there yet. */
const LATER: Readonly<Record<string, string>> = {
  "cost-report -> kubecost": "a weekly job asks it",
  "cost-report -> opencost": "a weekly job asks it",
};

const VARIANTS: Readonly<Record<string, (draft: Draft) => void>> = {
  small: () => undefined,
  "with three replicas": (d) => (d.environments.dev.preset = "prod"),
  "without sign-in": (d) => (d.components = { gitea: false, keycloak: false }),
  "without monitoring": (d) => (d.components = { "kube-prometheus-stack": false }),
  "with GPUs": (d) =>
    (d.teams.web.nodePools.main = { class: "gpu", cpus: [4, 16], limits: { cpu: 32, memory: "224Gi" } }),
};

const CASES: readonly (readonly [string, string, Platform])[] = [
  ...Object.entries(VARIANTS).flatMap(([what, change]) =>
    KINDS.map((kind) => [`${kind}-platform`, what, platformOf(change)] as const),
  ),
  ["aws-platform", "cluster of others", platformOf((d) => theirEks(d.clusters["aws-platform"]))],
  ["aws-platform", "layered", platformOf((d) => (d.clusters["aws-platform"].layout = "layered"))],
  ...azure.VARIANTS.map((name) => ["azure-platform", name, azure.variant(name)] as const),
];

function judged(name: string, platform: Platform) {
  const stack = synth(platform, name);
  const names = new Map(releasesOf(stack).map((release) => [release.address, release.name]));
  const [graph, all] = [graphOf(stack), needs(stack)];
  const pair = ({ by, on }: Need) => `${names.get(by) ?? by} -> ${names.get(on) ?? on}`;
  return { graph, all, open: unmet(graph, all), pair };
}

test.each(CASES)("%s, %s: comes up in the order of what it holds", (name, _what, platform) => {
  const { graph, all, open, pair } = judged(name, platform);
  expect(open.filter((need) => LATER[pair(need)] === undefined).map((need) => `${pair(need)}: ${need.why}`)).toEqual(
    [],
  );
  expect(all.length).toBeGreaterThan(30);
  // Nothing stands above itself, so nothing is met the other way round.
  expect([...graph.keys()].filter((address) => upstream(graph, address).has(address))).toEqual([]);
});

test.each(KINDS)("%s-platform: an edge that goes or is turned round is noticed, whichever need it meets", (kind) => {
  const { graph, all, open } = judged(`${kind}-platform`, platformOf());
  const met = all.filter((need) => !open.includes(need));
  for (const why of [/^resources of/, /^namespace/, /^Secret/, /^Service /])
    expect(met.filter((need) => why.test(need.why))).not.toEqual([]);
  for (const need of met) {
    const edges = [...(graph.get(need.by) ?? [])];
    const leading = edges.filter((edge) => edge === need.on || upstream(graph, edge).has(need.on));
    const gone = changed(
      graph,
      need.by,
      edges.filter((edge) => !leading.includes(edge)),
    );
    expect(unmet(gone, [need])).toContain(need);
    const turned = changed(graph, need.on, [...(graph.get(need.on) ?? []), need.by]);
    expect(upstream(turned, need.on)).toContain(need.on);
  }
});

test("no exception is left over", () => {
  const used = KINDS.flatMap((kind) => {
    const { open, pair } = judged(`${kind}-platform`, platformOf());
    return open.map(pair);
  });
  expect([...new Set(used)].sort()).toEqual(Object.keys(LATER).sort());
});

const changed = (graph: Graph, address: string, edges: readonly string[]): Graph =>
  new Map([...graph, [address, new Set(edges)]]);
