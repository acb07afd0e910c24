import type { PlanRule } from "./rule";
import { releaseDocuments, releaseValues, type Json } from "./synthesized-stack";

export const loadBalancersAtTheGateway: PlanRule = {
  id: "load-balancers-at-the-gateway",
  severity: "deny",
  why: "Each Service of type LoadBalancer is an address on the internet without the gateway's TLS, costs money by the hour, and is what keeps a network from being destroyed.",
  fix: "Keep the service a ClusterIP and publish it by an HTTPRoute on the platform's Gateway.",
  links: ["CIS EKS 5.4.5", "https://gateway-api.sigs.k8s.io/"],
  check: ({ resources }) =>
    resources
      .filter(({ type }) => type === "helm_release")
      .filter((resource) => releaseValues(resource).some((text) => /LoadBalancer|NodePort/.test(text)))
      .flatMap((resource) =>
        releaseDocuments(resource)
          .flatMap((values) => exposed(values))
          .map((path) => ({ resource, message: `values set ${path}` })),
      ),
};

function exposed(value: Json, path = ""): string[] {
  if (Array.isArray(value))
    return (value as readonly Json[]).flatMap((inner, index) => exposed(inner, `${path}[${index}]`));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = path ? `${path}.${key}` : key;
    return (key === "type" || key === "serviceType") && (inner === "LoadBalancer" || inner === "NodePort")
      ? [`${here}: ${inner}`]
      : exposed(inner, here);
  });
}
