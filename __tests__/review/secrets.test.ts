import { createHash } from "node:crypto";
import { createColors } from "picocolors";
import type { Violation } from "../../policies/plan/rule";
import { readPlan } from "../../review/read/plan";
import { hideSecrets } from "../../review/read/secrets";
import { renderMarkdown } from "../../review/render/markdown";
import { renderSarif } from "../../review/render/sarif";
import { renderTerminal } from "../../review/render/terminal";
import { reviewOf } from "../../review/review";

/** Looks random, is the same each time, and stands nowhere but in the memory of this test. */
class Secrets {
  readonly all: { readonly place: string; readonly secret: string }[] = [];
  private place = "";

  at(place: string): this {
    this.place = place;
    return this;
  }

  /** Lower-case letters: nothing but its place tells that it is one. */
  next(length = 24): string {
    const hex = this.digest("hex");
    return this.keep(
      `q${`${hex}${hex}`.replace(/\d/g, (digit) => "ghijklmnop"[Number(digit)] ?? "")}`.slice(0, length),
    );
  }

  /** Letters of both cases and digits: looks like one wherever it stands. */
  random(length = 32): string {
    return this.keep(`q7R${this.digest("base64").replace(/[+/=]/g, "")}`.slice(0, length));
  }

  private readonly digest = (encoding: "hex" | "base64"): string =>
    createHash("sha512").update(`planted ${this.all.length}`).digest(encoding);

  keep(secret: string): string {
    this.all.push({ place: this.place, secret });
    return secret;
  }
}

type Sides = { before?: object | null; after?: object | null; marks?: [before: unknown, after: unknown] };

function object(type: string, name: string, actions: readonly string[], sides: Sides, rest: object = {}): object {
  const { before = null, after = null, marks: [wasMarked, isMarked] = [false, false] } = sides;
  const change = {
    actions,
    before,
    after,
    after_unknown: {},
    before_sensitive: wasMarked,
    after_sensitive: isMarked,
  };
  const { change: more, ...other } = rest as { change?: object };
  return { address: `${type}.${name}`, mode: "managed", type, name, change: { ...change, ...more }, ...other };
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** The same attributes with other secrets in them, as update, create, replace and delete. */
function everyWay(type: string, name: string, make: () => object, marks?: unknown): object[] {
  const side = (): [unknown, unknown] | undefined => (marks === undefined ? undefined : [marks, marks]);
  const sides = (one: Sides): Sides => ({ ...one, ...(side() && { marks: side() }) });
  return [
    object(type, `${name}_updated`, ["update"], sides({ before: make(), after: make() })),
    object(type, `${name}_created`, ["create"], sides({ after: make() })),
    object(type, `${name}_replaced`, ["delete", "create"], sides({ before: make(), after: make() }), {
      change: { replace_paths: Object.keys(make()).map((key) => [key]) },
    }),
    object(type, `${name}_deleted`, ["delete"], sides({ before: make() })),
  ];
}

interface Planted {
  readonly plan: object;
  readonly secrets: Secrets;
  readonly violations: readonly Violation[];
}

function planted(): Planted {
  const secrets = new Secrets();
  const at = (place: string): Secrets => secrets.at(place);
  const helm = (place: string, name: string, values: () => string, more: () => object = () => ({})): object[] => {
    at(place);
    return everyWay("helm_release", name, () => ({
      name,
      namespace: "x",
      chart: "web",
      values: [values()],
      ...more(),
    }));
  };
  const plain = (place: string, name: string, make: () => object, marks?: unknown): object[] => {
    at(place);
    return everyWay("terraform_data", name, make, marks);
  };
  const s = (length?: number): string => secrets.next(length);
  const pem = (): string => {
    const lines = [s(64), s(64), s(40)];
    return ["-----BEGIN RSA PRIVATE " + "KEY-----", ...lines, "-----END RSA PRIVATE " + "KEY-----"].join("\n");
  };

  const everywhere = at("marked here, unmarked elsewhere").next();
  const several = [s(20), s(20)].join("\n");

  const resources = [
    ...plain("marked attribute", "whole", () => ({ note: s() }), { note: true }),
    ...plain("marked whole object", "object", () => ({ a: { b: [{ c: s() }] } }), true),
    ...plain("nested mark", "nested", () => ({ a: { b: { c: s(), d: "seen" } } }), { a: { b: { c: true } } }),
    ...plain("mark in a list", "list", () => ({ items: ["seen", s(), s()] }), { items: [false, true, true] }),
    ...plain("mark in a list of blocks", "blocks", () => ({ block: [{ note: s() }] }), { block: [{ note: true }] }),
    ...plain("marks of another shape: a list beside an object", "shape", () => ({ a: { b: s() } }), { a: [true] }),
    ...plain("marks of another shape: an object beside a list", "other", () => ({ a: ["x", s()] }), { a: { b: true } }),
    ...plain("marks of another shape: an object beside a text", "text", () => ({ a: s() }), { a: { b: true } }),
    ...helm("helm value by the name of its key", "key", () => `auth:\n  adminPassword: ${s()}\n  replicas: 2\n`),
    ...helm("YAML in a string", "yaml", () =>
      ["config:", "  app.yaml: |", "    database:", `      password: ${s()}`, `      clientSecret: "${s()}"`, ""].join(
        "\n",
      ),
    ),
    ...helm("JSON in a string", "json", () => `config: '{"port":1,"apiKey":"${s()}","auth":{"token":"${s()}"}}'\n`),
    ...helm("a manifest of a Secret", "manifest", () =>
      [
        "extra:",
        "  - kind: Secret",
        "    metadata:",
        "      name: x",
        "    stringData:",
        `      anything: ${s()}`,
        "",
      ].join("\n"),
    ),
    ...helm("a Secret in a template that is no YAML", "template", () =>
      ["tpl: |", "  {{ if true }}", "  kind: Secret", "  data:", `    some: ${s()}`, "  {{ end }}", ""].join("\n"),
    ),
    ...helm("env", "env", () => `env:\n  - name: DB_PASSWORD\n    value: ${s()}\n  - name: LOG\n    value: info\n`),
    ...helm(
      "args",
      "args",
      () => `args: [--port, "80", --password, ${s()}, --token=${s()}]\ncommand: run --api-key ${s()} --x\n`,
    ),
    ...helm(
      "set of a release",
      "set",
      () => "a: 1\n",
      () => ({
        set: [{ name: "auth.password", value: s() }],
        set_sensitive: [{ name: "x.token", value: s() }],
        set_wo: [{ name: "x.secretKey", value: s() }],
        repository_password: s(),
      }),
    ),
    ...plain("Secret's data", "secret", () => ({
      manifest: { kind: "Secret", data: { any: base64(s()) }, stringData: { other: s() } },
    })),
    ...plain("connection string", "dsn", () => ({
      one: `Server=db;User Id=app;Password=${s()};Encrypt=true`,
      two: `DefaultEndpointsProtocol=https;AccountName=x;AccountKey=${s(60)}==;EndpointSuffix=core.windows.net`,
      three: `cache:6380,password=${s()},ssl=True`,
    })),
    ...plain("bearer header", "bearer", () => ({
      header: `Authorization: Bearer ${s()}`,
      curl: `curl -H "X: Basic ${s()}"`,
    })),
    ...plain("URL with credentials", "url", () => ({
      db: `postgres://app:${s()}@db:5432/x`,
      git: `https://${s()}@git.example.com/x.git`,
      sas: `https://x.blob.core.windows.net/c?sv=1&sig=${s()}`,
    })),
    ...plain("PEM", "pem", () => ({ text: pem(), script: `cat <<EOF > x\n${pem()}\nEOF\necho ${s(3).length}\n` })),
    ...plain("JWT", "jwt", () => ({ note: `uses ${secrets.keep(`eyJhbGciOiJ${s(20)}.${s(30)}.${s(30)}`)} here` })),
    ...plain("cloud keys", "cloud", () => ({
      aws: secrets.keep("AK" + "IA" + s(20).toUpperCase().slice(0, 16)),
      both: `aws_secret_access_key = ${s(40)}`,
      github: secrets.keep("gh" + "p_" + s(36)),
      google: secrets.keep("AI" + "za" + s(35)),
      slack: secrets.keep("xox" + "b-" + s(30)),
    })),
    ...plain("webhook", "webhook", () => ({
      slack: `https://hooks.slack.com/services/T01/B02/${s()}`,
      teams: `https://acme.webhook.office.com/webhookb2/${s()}`,
      alertWebhookUrl: `https://example.com/in/${s()}`,
    })),
    ...plain("dockerconfigjson", "docker", () => ({
      ".dockerconfigjson": JSON.stringify({ auths: { r: { auth: base64(`x:${s()}`) } } }),
      config: JSON.stringify({ auths: { r: { auth: base64(`x:${s()}`), password: s() } } }),
    })),
    ...plain("user data in base64", "user_data", () => ({
      user_data: base64(`#!/bin/bash\nexport DB_PASSWORD=${s()}\n`),
      custom_data: base64(`#cloud-config\npassword: ${s()}\n`).replace(/(.{40})/g, "$1\n"),
    })),
    ...plain("what only looks like one", "random", () => ({
      note: secrets.random(),
      list: ["a", secrets.random()],
      text: `a\nb ${secrets.random()}\nc`,
      map: { [secrets.random()]: 1 },
    })),
    ...plain("annotations", "annotations", () => ({
      metadata: [{ annotations: { "example.com/token": s(), note: `pass token=${s()}` } }],
    })),
    ...plain("keys of a map", "keys", () => ({
      map: { [secrets.keep("gh" + "p_" + s(36))]: 1, [`token=${s()}`]: "x" },
    })),
    object("terraform_data", "elsewhere", ["update"], {
      before: { note: "x", script: "y" },
      after: {
        note: `the word is ${everywhere}`,
        script: `first\n${everywhere}\n${several}\nlast`,
        encoded: base64(`a ${everywhere}`),
        twice: base64(`ab ${everywhere} c`),
      },
    }),
    object("terraform_data", "source", ["update"], {
      before: { a: "1" },
      after: { a: everywhere, b: several },
      marks: [false, { a: true, b: true }],
    }),
    object("helm_release", everywhere, ["create"], {
      after: {
        name: everywhere,
        namespace: everywhere,
        chart: `oci://u:${at("URL of a chart").next()}@r/c`,
        version: everywhere,
      },
    }),
    ...[1, 2, 3].map((count) =>
      object(
        "aws_ssm_parameter",
        `x${count}`,
        count === 1 ? ["delete"] : count === 2 ? ["create"] : ["update"],
        {
          before: count === 2 ? null : { value: "a" },
          after: count === 1 ? null : { value: "b" },
        },
        {
          address: `aws_ssm_parameter.x["${at("for_each key").random()}"].y["password=${s()}"]`,
          previous_address: `aws_ssm_parameter.z["${secrets.random()}"]`,
          action_reason: `because token=${at("reason").next()}`,
          deposed: `token=${at("deposed id").next()}`,
          change: { importing: { id: `https://u:${at("imported id").next()}@h/${secrets.keep("gh" + "p_" + s(36))}` } },
        },
      ),
    ),
  ];
  const drift = plain("drift", "drift", () => ({ password: s(), note: `token: ${s()}`, marked: s() }), {
    marked: true,
  });
  const outputs = {
    marked: {
      actions: ["create"],
      before: null,
      after: at("output").next(),
      after_unknown: false,
      before_sensitive: false,
      after_sensitive: true,
    },
    partly: {
      actions: ["update"],
      before: { a: s() },
      after: { a: s(), b: 1 },
      after_unknown: false,
      before_sensitive: { a: true },
      after_sensitive: { a: true },
    },
    admin_password: {
      actions: ["update"],
      before: s(),
      after: s(),
      after_unknown: false,
      before_sensitive: false,
      after_sensitive: false,
    },
    kubeconfig_text: {
      actions: ["create"],
      before: null,
      after: `users:\n  - name: x\n    user:\n      token: ${s()}\n`,
      after_unknown: false,
      before_sensitive: false,
      after_sensitive: false,
    },
  };
  const plan = {
    format_version: "1.2",
    resource_changes: resources,
    resource_drift: drift,
    output_changes: outputs,
    deferred_changes: [
      { reason: `token=${at("deferred").next()}`, resource_change: { address: `x.y["${secrets.random()}"]` } },
    ],
  };
  const violation = (message: string): Violation => ({
    rule: "some-rule",
    severity: "deny",
    stack: "x",
    address: `x.y["${at("message of a policy").random()}"]`,
    path: `x/password=${s()}`,
    message,
    why: "why",
    fix: "fix",
    links: [],
  });
  at("message of a policy");
  const violations = [
    violation(`the value "password=${s()}" is open`),
    violation(`it says ${everywhere}`),
    violation(`it holds ${secrets.random()}`),
  ];
  return { plan, secrets, violations };
}

const { plan, secrets, violations } = planted();
const change = readPlan(JSON.stringify(plan), { stack: "x" });
const waiver = { rule: "some-rule", stack: "x", reason: "r", owner: "o", until: "2026-01-01" };
const [first] = violations;
const policies = {
  violations,
  waived: first === undefined ? [] : [{ violation: first, waiver }],
  expired: first === undefined ? [] : [{ violation: first, waiver }],
  unused: [],
};
const review = reviewOf([change], policies);
const [stack] = review.stacks;
if (!stack) throw new Error("there is a stack");

const outputs: Record<string, () => string> = {
  "the terminal": () => renderTerminal(review, createColors(false)),
  JSON: () => JSON.stringify(review, undefined, 2),
  SARIF: () => renderSarif(review, [], "1.0.0", "platform.config.ts"),
  ...Object.fromEntries(
    [10_000_000, 60_000, 30_000, 15_000, 8000, 4000, 2000, 1000].map((budget) => [
      `Markdown of ${budget} characters`,
      () => renderMarkdown(stack, review.policies, { budget }),
    ]),
  ),
};

test("hundreds of secrets are planted, in dozens of kinds of places", () => {
  expect(new Set(secrets.all.map(({ secret }) => secret)).size).toBeGreaterThan(400);
  expect(new Set(secrets.all.map(({ place }) => place)).size).toBeGreaterThan(30);
});

describe.each(Object.entries(outputs))("%s", (_name, render) => {
  const text = render();

  test("shows none of them, and none in base64", () => {
    const shown = secrets.all
      .filter(({ secret }) => secret.length >= 16)
      .filter(({ secret }) => text.includes(secret) || text.includes(base64(secret).replace(/.{0,4}=*$/, "")));
    expect(shown).toEqual([]);
  });

  test("shows no beginning of one", () => {
    const shown = secrets.all.filter(({ secret }) => secret.length >= 16 && text.includes(secret.slice(0, 12)));
    expect(shown.filter(({ secret }) => !/^(eyJ|AK|gh|AI|xox)/.test(secret))).toEqual([]);
  });
});

test("what stands beside a secret is still there", () => {
  const text = JSON.stringify(review);
  for (const part of ["replicas", "EndpointSuffix=core.windows.net", "postgres://app:", "@db:5432/x", "--port", "seen"])
    expect(text).toContain(part);
});

const ORDINARY: Readonly<Record<string, unknown>> = {
  roleArn: "arn:aws:iam::123456789012:role/acme-dev-Karpenter-Node20260101",
  keyArn: "arn:aws:kms:eu-west-1:123456789012:key/1b2c3d4e-1111-2222-3333-444455556666",
  certificate: "arn:aws:acm:eu-west-1:123456789012:certificate/1b2c3d4e-1111-2222-3333-444455556666",
  subnets: ["subnet-0a1b2c3d4e5f60718", "subnet-0f1e2d3c4b5a69788"],
  image: "quay.io/argoproj/argocd@sha256:3f6a1c0c9fdc2ad4aee1e2d2a2b0b0b1f1c9d3a5d5a2f1b4c0d9e8f7a6b5c4d3",
  digest: "sha256:3f6a1c0c9fdc2ad4aee1e2d2a2b0b0b1f1c9d3a5d5a2f1b4c0d9e8f7a6b5c4d3",
  commit: "9ae83fa3bd20a78efbdd64d6e4ed4434f0fa04c7",
  version: "10.1.1",
  tag: "v1.2.3-rc.1",
  uid: "4F9619FF-8B86-D011-B42D-00CF4FC964FF",
  tenant_id: "9a1e7a5c-1b2c-4d5e-8f90-123456789abc",
  id: "/subscriptions/9a1e7a5c-1b2c-4d5e-8f90-123456789abc/resourceGroups/AcmeDev/providers/Microsoft.ContainerService/managedClusters/Acme1",
  host: "gitea.platform-Example1.acme.internal",
  issuer: "https://oidc.eks.eu-west-1.amazonaws.com/id/0A1B2C3D4E5F60718293A4B5C6D7E8F9",
  instance: "m7g.16xlarge",
  vm_size: "Standard_D16ds_v5",
  existingSecret: "gitea-admin",
  secretName: "gateway-tls",
  passwordSecretKeyRef: { name: "database", key: "password" },
  secretKeyRef: { name: "database", key: "password" },
  imagePullSecrets: [{ name: "registry" }],
  tokenTtl: "24h",
  passwordPolicy: "strict",
  automountServiceAccountToken: false,
  quota: { "requests.cpu": "8", "count/secrets": "40", "limits.memory": "32Gi" },
  schedule: "*/15 2-4 * * 1,3",
  annotations: {
    "service.beta.kubernetes.io/aws-load-balancer-scheme": "internal",
    "service.beta.kubernetes.io/azure-load-balancer-internal": "true",
    "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/x",
  },
  labels: { "app.kubernetes.io/managed-by": "Helm", "topology.kubernetes.io/zone": "eu-west-1a" },
  tolerations: [{ key: "nvidia.com/gpu", operator: "Exists" }],
  requirements: [{ key: "karpenter.k8s.aws/instance-category", operator: "In", values: ["c", "m"] }],
  s3: "s3://acme-dev-Backups-2026/prod-1",
  name: "AcmePlatform-Prod2-WorkloadIdentity",
  cidr: "10.0.0.0/16",
  url: "https://charts.example.com/stable",
  repository: "oci://ghcr.io/acme/charts",
  sentence:
    "Pods of the team get tokens from the API server; see https://kubernetes.io/docs/concepts/configuration/secret/",
  secretStoreRef: { kind: "ClusterSecretStore", name: "aws" },
  authMode: "API_AND_CONFIG_MAP",
  key: "node.kubernetes.io/instance-type",
  kubelet: "--max-pods=110 --cluster-dns=10.100.0.10",
  placeholder: "password: ${var.password}",
};

test.each(Object.entries(ORDINARY))("%s is shown as it is", (key, value) => {
  expect(hideSecrets({ [key]: value } as never)).toEqual({ [key]: value });
});
