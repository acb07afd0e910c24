// Finds what looks like a secret in stacks and states:  secrets.js STACK_FOLDER|STATE...
const { createHash } = require("node:crypto");
const { existsSync, readFileSync } = require("node:fs");
const { join } = require("node:path");
const { parse } = require("yaml");

/**
 * What providers keep in the state by themselves, which a simulation does not show, by type: attributes, and why they are worth nothing
 * to whom reads them. From the schemas of the pinned providers (getters of @cdktf/provider-<p>/lib/<resource>).
 */
const KEPT = {
  azurerm_kubernetes_cluster: {
    attributes: ["kube_admin_config", "kube_admin_config_raw", "kube_config", "kube_config_raw"],
    why: "local_account_disabled: there is no admin config, and the user's has no credential, it asks for an Entra sign-in",
    holds: ({ local_account_disabled }) => local_account_disabled === true,
  },
  "data.azurerm_kubernetes_cluster": {
    attributes: ["kube_admin_config", "kube_admin_config_raw", "kube_config", "kube_config_raw"],
    why: "a cluster of others: worthless with its local accounts off, and preflight says where they are on",
    holds: () => true,
  },
  azurerm_log_analytics_workspace: {
    attributes: ["primary_shared_key", "secondary_shared_key"],
    why: "local_authentication_enabled is false: the workspace takes no shared keys",
    holds: ({ local_authentication_enabled: enabled, local_authentication_disabled: disabled }) =>
      enabled === false || disabled === true,
  },
  azurerm_storage_account: {
    attributes: [
      ...["primary", "secondary"].flatMap((which) => [
        `${which}_access_key`,
        `${which}_connection_string`,
        `${which}_blob_connection_string`,
      ]),
    ],
    why: "shared_access_key_enabled is false: the account takes Entra sign-in alone",
    holds: ({ shared_access_key_enabled }) => shared_access_key_enabled === false,
  },
};
/** Types whose providers keep nothing secret of their own; whoever adds one looks at its schema first. helm_release keeps the values. */
const NOTHING_KEPT = new RegExp(
  `^(data\\.)?(${[
    "aws_(budgets_budget|ce_cost_allocation_tag|cloudwatch_event_rule|cloudwatch_event_target|cloudwatch_log_group|default_security_group|eip)",
    "aws_eks_(access_entry|access_policy_association|addon|cluster|node_group|pod_identity_association)|aws_flow_log",
    "aws_iam_(openid_connect_provider|role|role_policy|role_policy_attachment|service_linked_role)|aws_internet_gateway",
    "aws_kms_(alias|key|key_policy)|aws_launch_template|aws_nat_gateway|aws_route|aws_route53_zone|aws_route_table|aws_route_table_association",
    "aws_s3_bucket(_lifecycle_configuration|_policy|_public_access_block|_server_side_encryption_configuration|_versioning)?",
    "aws_security_group|aws_sqs_queue|aws_sqs_queue_policy|aws_subnet|aws_vpc|aws_vpc_endpoint|aws_vpc_security_group_ingress_rule",
    "aws_(availability_zones|caller_identity|iam_policy_document|partition|vpc_endpoint_service)|azurerm_client_config",
    "azurerm_(consumption_budget_subscription|disk_encryption_set|dns_zone|federated_identity_credential|key_vault|monitor_diagnostic_setting)",
    "azurerm_(kubernetes_cluster_node_pool|nat_gateway|nat_gateway_public_ip_association|network_security_group|private_dns_zone)",
    "azurerm_(private_dns_zone_virtual_network_link|private_endpoint|public_ip|resource_group|role_assignment|storage_container)",
    "azurerm_(storage_management_policy|subnet|subnet_nat_gateway_association|subnet_network_security_group_association)",
    "azurerm_(user_assigned_identity|virtual_network)|helm_release",
    "kubernetes_(cluster_role_binding_v1|config_map_v1|namespace_v1|persistent_volume_claim_v1|pod_disruption_budget_v1|priority_class_v1)",
    "kubernetes_(resource_quota_v1|storage_class_v1)",
  ].join("|")})$`,
);

const KEY =
  /(password|passwd|passphrase|token|secret|api_?key|private_?key|access_?key|secret_?key|shared_?key|client_?key|connection_?string|kube_?(admin_)?config(_raw)?|credentials?)$/i;
/** Keys that end like one, and hold a name, a mode or an address. */
const NAMES =
  /^(existing.*|.*secretRef|http_tokens|automount.*|secretName|.*issuerRef|imagePullSecret|.*TokenSecret|tokenFormat|.*kubeconfig_?path)$/i;
const SHAPES = {
  "private key": /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  JWT: /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{10,}/,
  "AWS access key": /\b(AKIA|ASIA)[A-Z0-9]{16}\b/,
  "Azure storage key": /\b[A-Za-z0-9+/]{86}==/,
  "Azure SAS": /[?&]sig=[\w%+/=-]{20,}/,
  "connection string": /\b(AccountKey|SharedAccessKey|Password|pwd)=[^;${\s]{6,}/i,
  "address with a password": /\b[a-z][a-z0-9+]*:\/\/[^\s/:@${]+:[^\s/@${]{3,}@/,
  "bcrypt hash": /\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}/,
  "GitHub token": /\b(gh[pousr]_\w{36}|github_pat_\w{40,})/,
};
/** A value that refers to something: Terraform's, ExternalSecret's, shell's and Helm's references, a mounted file, nothing at all. */
const REFERENCE = /\$\{|\{\{|^\$\(?[\w:.-]+\)?$|^(\/|file:|env:)|^$/;
/** Base of what a stack's values never have in that shape, and a name has: words with dashes or dots between, an ARN, an address. */
const NAME = /^([a-z][a-z0-9]{0,24}([-./:][a-z0-9]{1,24})*|arn:.*|https?:\/\/[^@]*)$/;
/** Long and mixed, and no secret, by what it is. */
const HARMLESS = [
  [/^(sha256:|sha512:)?[0-9a-f]{32,128}$/, "a digest, an id or a commit in hex"],
  [/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, "a UUID: subscription, tenant, principal, role definition"],
  [/^[a-z]+(-[a-z]+)*[-_][0-9a-f]{8,32}$/i, "an id of AWS, or an address of a construct"],
  [/^(sg|sgr|eipalloc|eipassoc|subnet|vpc|rtb|rtbassoc|nat|igw|lt|acl|vpce|fl)-[0-9a-f]+$/, "an id of AWS"],
  [/[^A-Za-z0-9+/=_-]/, "not one word: text, a path, an expression, an address"],
  [/^[A-Z]?[a-z]+([A-Z][a-z0-9]*)+$|^[A-Z][A-Za-z]+$/, "a name in camelCase"],
  [/^[a-z0-9]+([-_/][A-Za-z0-9]+)+$/, "a name with parts"],
  [/^A[RN][A-Z]A[A-Z0-9]{16}$|^AROA[A-Z0-9]+$/, "IAM's id of a role or a user, beside its name"],
  [/^(--zone-id-filter=)?Z[A-Z0-9]{12,20}$/, "a hosted zone of Route 53"],
  [/^Standard_[A-Z]+\d+\w*_v\d$|^Standard_\w+_(A10|A100|H100|T4)_v\d$/, "a VM size of Azure"],
  [/^[A-Z0-9]+(_[A-Z0-9]+)*_(STANDARD|NVIDIA|x86_64|ARM_64_STANDARD|x86_64_STANDARD)$/i, "an AMI type of EKS"],
  [/^\/subscriptions\//, "an id of Azure Resource Manager"],
  [/^[a-z]{6,}[0-9a-f]{8}$/, "a storage account's name: no dashes are allowed in it"],
];

const entropy = (text) => {
  const counts = [...text].reduce((all, char) => all.set(char, (all.get(char) ?? 0) + 1), new Map());
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
};

/** What there is to say against a text below this key. */
function judged(key, text) {
  for (const [sort, shape] of Object.entries(SHAPES)) if (shape.test(text)) return sort;
  if (KEY.test(key) && !NAMES.test(key) && !REFERENCE.test(text) && !NAME.test(text) && !text.includes("\n"))
    return `value of ${key}`;
  const random =
    text.length >= 20 && text.length <= 4096 && entropy(text) > 3.6 && /\d/.test(text) && /[A-Za-z]/.test(text);
  return random && !HARMLESS.some(([shape]) => shape.test(text)) ? "random text" : undefined;
}

/** Text that holds more: JSON, YAML, base64 of printable text. */
function inner(text) {
  if (/^\s*[[{]/.test(text) || /^[\w"'-][^\n]*:(\s|$)/m.test(text)) {
    try {
      const value = parse(text);
      if (typeof value === "object" && value !== null) return value;
    } catch {
      // not YAML then
    }
  }
  if (/^[A-Za-z0-9+/]{16,}={0,2}$/.test(text) && text.length % 4 === 0) {
    const decoded = Buffer.from(text, "base64").toString("utf8");
    if (/^[\x20-\x7e\s]+$/.test(decoded)) return decoded;
  }
  return undefined;
}

/** Public parts of keys, which the simulation makes up as random text. */
const PUBLIC = /\.certificate_authority\.\d+\.data$/;

/** Places of what looks like a secret. */
function findSecrets(value, path = "", key = "") {
  if (typeof value === "string") {
    const more = inner(value);
    const wrong = judged(key, value);
    const within = more === undefined ? [] : findSecrets(more, `${path}~`, key);
    if (wrong === "random text" && PUBLIC.test(path)) return within;
    return within.length > 0 || wrong === undefined ? within : [{ path, wrong }];
  }
  if (typeof value !== "object" || value === null) return [];
  // Kubernetes' way of a pair: { name: PASSWORD, value: x }
  const named = typeof value.name === "string" && typeof value.value === "string" ? { [value.name]: value.value } : {};
  return Object.entries({ ...value, ...named }).flatMap(([name, below]) =>
    findSecrets(below, `${path}.${name}`, Array.isArray(value) ? key : name),
  );
}

const found = (type, name, attributes) => ({ type, address: `${type}.${name}`, attributes });

/** Resources and all else that one file has: a state, or a synthesized stack. */
function read(file) {
  const state = !existsSync(join(file, "cdk.tf.json"));
  const document = JSON.parse(readFileSync(state ? file : join(file, "cdk.tf.json"), "utf8"));
  const resources = state
    ? document.resources.flatMap(({ mode, type, name, instances }) =>
        instances.map(({ attributes }) => found(mode === "data" ? `data.${type}` : type, name, attributes)),
      )
    : [
        ...Object.entries(document.resource ?? {}),
        ...Object.entries(document.data ?? {}).map(([type, named]) => [`data.${type}`, named]),
      ].flatMap(([type, named]) =>
        Object.entries(named).map(([name, { "//": _, ...attributes }]) => found(type, name, attributes)),
      );
  const outputs = state ? document.outputs : (document.output ?? {});
  return { resources, outputs };
}

/** @returns what is wrong, and which types keep something of their own */
function judge({ resources, outputs }) {
  const kept = new Set();
  const wrong = [];
  for (const { type, address, attributes } of resources) {
    const own = KEPT[type];
    if (!own && !NOTHING_KEPT.test(type))
      wrong.push(`${address}: nobody has judged what a provider keeps of a ${type}`);
    if (own) kept.add(type);
    if (own && !own.holds(attributes)) wrong.push(`${address}: not so any more: ${own.why}`);
    const given = Object.fromEntries(Object.entries(attributes).filter(([name]) => !own?.attributes.includes(name)));
    for (const { path, wrong: what } of findSecrets(given)) wrong.push(`${address}${path}: ${what}`);
  }
  for (const { path, wrong: what } of findSecrets(outputs)) wrong.push(`output${path}: ${what}`);
  return { wrong, kept };
}

/** One of each sort, made here so that no scanner of repositories takes this file for a leak. */
function plants() {
  const random = (bytes) => createHash("sha512").update("planted").digest().subarray(0, bytes);
  const jwt = ['{"alg":"none"}', '{"sub":"somebody"}'].map((part) => Buffer.from(part).toString("base64url")).join(".");
  const word = random(24).toString("base64");
  const pem = `-----BEGIN RSA ${"PRIVATE"} KEY-----\n${word}\n`;
  return {
    "a password by its key": { password: "hunter2!" },
    "a client secret in Helm values": { values: [`oidc:\n  clientSecret: Abc123!x\n`] },
    "a token in JSON in an annotation": { metadata: [{ annotations: { config: '{"token":"T0ps3cret!"}' } }] },
    "a private key": { user_data: pem },
    "a private key in base64": { user_data: Buffer.from(pem).toString("base64") },
    "a JWT": { description: `Bearer ${jwt}.${random(32).toString("base64url")}` },
    "an access key of AWS": { description: `AKIA${"A1B2C3D4".repeat(2)}` },
    "a storage key of Azure": { description: random(64).toString("base64") },
    "a SAS": { url: `https://a.blob.core.windows.net/c?sv=2024&sig=${encodeURIComponent(word)}` },
    "a connection string": { description: `Endpoint=x;AccountKey=${word};y=z` },
    "an address with a password": { dsn: "postgres://gitea:s3cr3t@gitea-db-rw:5432/gitea" },
    "a bcrypt hash": { htpasswd: `admin:$2y$10$${"abcdefghijklmnopqrstuv".repeat(3).slice(0, 53)}` },
    "random text": { description: random(24).toString("base64").replace(/[+/]/g, "x") },
    "an environment's variable": { manifest: '{"env":[{"name":"DB_PASSWORD","value":"Pa55w0rd!"}]}' },
    "a kubeconfig": { kubeconfig: "users:\n- user:\n    client-key-data: x\n    token: Ab3!efgh1" },
  };
}

function selfTest(document) {
  for (const [what, attributes] of Object.entries(plants())) {
    const planted = { type: "helm_release", address: "helm_release.planted", attributes };
    const { wrong } = judge({ ...document, resources: [...document.resources, planted] });
    if (!wrong.some((line) => line.startsWith("helm_release.planted")))
      throw new Error(`${what} was planted and not found`);
    if (!judge({ resources: [], outputs: attributes }).wrong.length)
      throw new Error(`${what} was planted in an output and not found`);
  }
  const unknown = { type: "aws_db_instance", address: "aws_db_instance.x", attributes: {} };
  if (!judge({ resources: [unknown], outputs: {} }).wrong.length)
    throw new Error("a type that nobody has judged passed");
  for (const type of Object.keys(KEPT).filter((type) => !type.startsWith("data.")))
    if (!judge({ resources: [{ type, address: type, attributes: {} }], outputs: {} }).wrong.length)
      throw new Error(`${type}: keys that open something passed`);
  return Object.keys(plants()).length;
}

const files = process.argv.slice(2);
const documents = files.map((file) => [file, read(file)]);
console.log(`ok    ${selfTest(documents[0][1])} sorts of planted secrets were found, each`);
const types = new Set();
let count = 0;
for (const [file, document] of documents) {
  const { wrong, kept } = judge(document);
  kept.forEach((type) => types.add(type));
  count += wrong.length;
  console.log(
    `${wrong.length > 0 ? "WRONG" : "ok   "} ${file.split("/").at(-1)}: ${document.resources.length} resources and data sources`,
  );
  for (const line of wrong) console.log(`        ${line}`);
}
for (const type of [...types].sort())
  console.log(`kept by the provider itself: ${type} ${KEPT[type].attributes.join(", ")}: ${KEPT[type].why}`);
process.exit(count > 0 ? 1 : 0);
