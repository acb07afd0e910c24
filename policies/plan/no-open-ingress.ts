import { blocks, faultsOf, texts, when } from "./look";
import type { PlanRule } from "./rule";
import { asList, asText, type Json, type JsonObject } from "./synthesized-stack";

/** What the gateway serves. */
const PUBLIC_PORTS: ReadonlySet<string> = new Set(["80", "443"]);
const EVERYBODY: ReadonlySet<string> = new Set(["0.0.0.0/0", "::/0", "*", "Internet", "Any"]);

export const noOpenIngress: PlanRule = {
  id: "no-open-ingress",
  severity: "deny",
  why: "Whatever listens behind an open port is found within minutes; the gateway alone is made for that.",
  fix: "Name the ranges that need it, or publish it by an HTTPRoute on the platform's Gateway.",
  links: ["CKV_AWS_24", "CKV_AWS_25", "CKV_AWS_260", "CKV_AZURE_10"],
  check: (stack) => [
    ...faultsOf(stack, ["aws_vpc_security_group_ingress_rule"], (rule) =>
      when(isOpen(rule["cidr_ipv4"], rule["cidr_ipv6"]) && !isPublic(rule), `opens ${portsOf(rule)} to everybody`),
    ),
    ...faultsOf(stack, ["aws_security_group"], ({ ingress }) =>
      blocks(ingress)
        .filter((rule) => isOpen(rule["cidr_blocks"], rule["ipv6_cidr_blocks"]) && !isPublic(rule))
        .map((rule) => `opens ${portsOf(rule)} to everybody`),
    ),
    ...faultsOf(stack, ["aws_security_group_rule"], (rule) =>
      when(
        rule["type"] === "ingress" && isOpen(rule["cidr_blocks"], rule["ipv6_cidr_blocks"]) && !isPublic(rule),
        `opens ${portsOf(rule)} to everybody`,
      ),
    ),
    ...faultsOf(stack, ["azurerm_network_security_group"], ({ security_rule: rules }) =>
      blocks(rules).flatMap(openPorts),
    ),
    ...faultsOf(stack, ["azurerm_network_security_rule"], openPorts),
  ],
};

const isOpen = (...ranges: readonly (Json | undefined)[]): boolean =>
  ranges.flatMap(asList).some((range) => EVERYBODY.has(asText(range)));

const isPublic = ({ from_port: from, to_port: to }: JsonObject): boolean =>
  from === to && PUBLIC_PORTS.has(JSON.stringify(from ?? ""));

function portsOf({ from_port: from, to_port: to }: JsonObject): string {
  if (typeof from !== "number" || typeof to !== "number" || from < 0) return "every port";
  return from === to ? `port ${from}` : `ports ${from} to ${to}`;
}

function openPorts(rule: JsonObject): readonly string[] {
  const ports = [...texts(rule["destination_port_range"]), ...texts(rule["destination_port_ranges"])];
  const open =
    rule["access"] === "Allow" &&
    rule["direction"] === "Inbound" &&
    isOpen(rule["source_address_prefix"], rule["source_address_prefixes"]);
  return when(
    open && !ports.every((port) => PUBLIC_PORTS.has(port)),
    `opens ${ports.includes("*") ? "every port" : `ports ${ports.join(", ")}`} to everybody`,
  );
}
