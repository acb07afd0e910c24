/** What the profiles promise: `small` fits a laptop, `production` survives the loss of a node. */
import { load, showBalance } from "../../config/capacity";
import { GIBIBYTE } from "../../config/quantities";
import { Priority } from "../../modules/priority";
import { asText } from "../../policies/plan/synthesized-stack";
import { platformOf } from "../support/config";
import { askedByRelease, singleWorkloads } from "../support/requests";
import { dependenciesOf, ofType, synth, valuesOf } from "../support/synth";

/** One environment, Argo CD and Keycloak, and what these need. */
const leastOf = (profile: "small" | "production") =>
  synth(
    platformOf((d) => {
      d.clusters["local-platform"].profile = profile;
      d.components = {
        gitea: false,
        kubecost: false,
        opencost: false,
        "kube-prometheus-stack": false,
        "prometheus-operator-crds": false,
      };
    }),
    "local-platform",
  );

test("on a small cluster an environment, Argo CD and Keycloak fit into 3 cores and 6 GiB", () => {
  const stack = leastOf("small");
  const asked = ofType(stack, "helm_release")
    .map(({ attributes }) => asText(attributes["name"]))
    .map((what) => ({ what, ...askedByRelease(stack, what) }))
    .filter(({ cpu, memory }) => cpu + memory > 0);
  expect(asked.map(({ what }) => what)).toEqual(
    expect.arrayContaining(["acme-dev", "argo-cd", "gateway", "keycloak", "keycloak-db"]),
  );
  const balance = { asked, offered: [{ what: "a laptop's share", cpu: 3000, memory: 6 * GIBIBYTE }] };
  expect(load(balance) <= 1 ? "fits" : showBalance(balance)).toBe("fits");
});

describe("in production", () => {
  const stack = synth(platformOf(), "aws-platform");

  test("there is one of what cannot be two, and of nothing else", () => {
    expect(singleWorkloads(stack).sort()).toEqual([
      // An environment of the preset `dev` is one by its preset.
      "acme-dev controlPlane.coredns.deployment.resources",
      "acme-dev controlPlane.statefulSet.resources",
      "argo-cd controller.resources",
      "argo-cd redis.resources",
      "barman-cloud resources",
      "external-dns resources",
      "external-secrets certController.resources",
      "gitea resources",
      "gitea-valkey resources",
      "kube-prometheus-stack grafana.resources",
      "kube-prometheus-stack kube-state-metrics.resources",
      "kube-prometheus-stack prometheusOperator.resources",
      "kubecost aggregator.resources",
      "kubecost finopsagent.resources",
      "kubecost frontend.resources",
    ]);
  });

  test("a budget never holds up the drain of what is there once", () => {
    const small = leastOf("small");
    expect(valuesOf(small, "keycloak-db")).toMatchObject({ instances: 1, disruptionBudget: false });
    expect(valuesOf(small, "gateway")).toMatchObject({ replicas: 1 });
    expect(valuesOf(small, "gateway")).not.toHaveProperty("disruptionBudget");
    expect(valuesOf(stack, "gateway")).toMatchObject({ replicas: 2, disruptionBudget: { maxUnavailable: 1 } });
  });

  test("Keycloak's servers reach each other at the addresses of their pods", () => {
    expect(valuesOf(stack, "keycloak")["extraEnv"]).toContain(
      "name: KC_CACHE_EMBEDDED_NETWORK_BIND_ADDRESS\n  valueFrom:\n    fieldRef:\n      fieldPath: status.podIP",
    );
  });

  test("whoever names the class of the platform's pods waits for it", () => {
    const [priority] = ofType(stack, "kubernetes_priority_class_v1");
    expect(priority?.attributes["metadata"]).toEqual({ name: Priority.NAME });
    const naming = ofType(stack, "helm_release").filter(({ attributes }) =>
      /priorityClassName: ([a-z-]+)/.test(JSON.stringify(attributes["values"])),
    );
    expect(naming.length).toBeGreaterThan(10);
    for (const { attributes, address } of naming) {
      const named = [...JSON.stringify(attributes["values"]).matchAll(/priorityClassName: ([a-z-]+)/g)].map(
        ([, n]) => n,
      );
      expect([address, [...new Set(named)]]).toEqual([address, [Priority.NAME]]);
      expect(dependenciesOf(stack, address)).toContain(priority?.address);
    }
  });
});
