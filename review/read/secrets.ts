/** What must not be shown, by the name of its key and by its shape. Marks of Terraform are honoured in differences.ts. */
import { stringify } from "yaml";
import type { Json } from "../../policies/plan/synthesized-stack";
import { embeddedDocument } from "./documents";

/** Stands where a value must not be shown. */
export const HIDDEN = "(sensitive)";

/** What a key that holds a secret ends with, in words: `adminPassword`, `GITEA__DATABASE__PASSWD`, `aws.secret-access-key`. */
const SECRET_WORDS: ReadonlySet<string> = new Set(
  "password passwd passphrase pwd pass secret secrets token tokens credential credentials cookie bearer authorization htpasswd dockerconfigjson dockercfg kubeconfig dsn sas pat apikey secretkey accesskey privatekey salt otp pem pfx jks keystore signature auth stringdata connectionstring".split(
    " ",
  ),
);
/** Of these, what stands below is secret too: `credentials: { user: …, value: … }`. */
const SECRET_SECTIONS: ReadonlySet<string> = new Set(
  "password passwords secret secrets token tokens credential credentials stringdata".split(" "),
);
/** Words that make a `key` at the end one. */
const KEY_OF =
  /^(api|private|access|secret|encryption|signing|master|storage|account|shared|license|ssh|host|client|tls|deploy|service|root|admin|session|webhook|integration|routing|app|cipher|rsa|jwt|hmac|aes|instrumentation|write|read|primary|secondary|customer|function|publishable|restricted|bot|oauth|database|db)$/;
/** Keys with such a word that hold a name or a setting, and no secret; `httpTokens` says whether EC2's metadata asks for them. */
const NAME_OF_SECRET =
  /^(http_?tokens$|count\/|existing|use|enable|create|has|is|require|disable|automount|generate|allow|rotate|mount)|(name|names|ref|refs|reference|selector|namespace|path|file|policy|type|provider|store|class|length|ttl|lifetime|expiry|url|uri|version|id|arn|mode|enabled|format|label|annotations?|keys)$/i;

/** Whoever knows such an address may write there. */
const WEBHOOK = /(web|incoming)[_-]?hooks?[_-]?ur[il]$|^(slack|teams|discord)[_-]?(api[_-]?)?ur[il]$/i;

/** Whether what stands under this key is a secret itself. */
export function isSecretKey(key: string): boolean {
  if (WEBHOOK.test(key)) return true;
  if (NAME_OF_SECRET.test(key)) return false;
  const words = wordsOf(key);
  const last = words.at(-1) ?? "";
  if (SECRET_WORDS.has(last) || SECRET_WORDS.has(words.slice(-2).join(""))) return true;
  return /^keys?$/.test(last) && KEY_OF.test(words.at(-2) ?? "");
}

/** `clientSecret` and `CLIENT__SECRET` alike: client, secret. */
const wordsOf = (key: string): string[] =>
  key
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
    .map((word) => word.replace(/\d+$/, "") || word);

/** Leaves below a secret's key that say where it is, and not what it is. */
const WHERE_IT_IS = /^(name|namespace|kind|key|type|enabled|optional|defaultMode|items|path|group|version|apiVersion)$/;

/** Whether a leaf with this key below `secretKeyRef: { … }`, `secrets: [ … ]` and the like is only a name. */
export const saysWhere = (key: string): boolean => WHERE_IT_IS.test(key) || NAME_OF_SECRET.test(key);

/**
 * Shapes of what is a secret wherever it stands. The first group, where there is one, stays. Every repetition before the secret itself has an
 * end, so that no text takes more than its length in time.
 */
const SHAPES: readonly RegExp[] = [
  /-----BEGIN [A-Z0-9 ]{0,40}(?:PRIVATE KEY|PGP MESSAGE)[A-Z ]{0,20}-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,60}-----|$)/g,
  /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g,
  /\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}\b/g,
  /\b(?:gh[pousr]_|github_pat_|glpat-|gldt-|glrt-|xox[abeoprs]-|xapp-|sk-|sk_live_|sk_test_|rk_live_|pk_live_|npm_|pypi-|hv[sbr]\.|dop_v1_|doo_v1_|shpat_|shpss_|dckr_pat_|AGE-SECRET-KEY-|AIza|ya29\.|SG\.|sq0csp-|EAAC|lin_api_|ATATT3x|atlasv1\.|glsa_|glc_|dapi|pul-|figd_|whsec_|tfp_)[\w.~+/=-]{8,}/g,
  /\$(?:2[abxy]|apr1|argon2id?|[156y])\$[\w./$,=+-]{8,}/g,
  /(https:\/\/(?:hooks?\.[\w.-]{1,100}|discord(?:app)?\.com\/api\/webhooks|[\w.-]{1,100}\.webhook\.office\.com|api\.telegram\.org)\/)[\w./@:%-]+/g,
  // user:password@host, and a token alone before the host
  /(\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/@"'<>]{0,200}:)[^\s/"'<>]{1,2000}(?=@)/gi,
  /(\b[a-z][a-z0-9+.-]{0,30}:\/\/)[^\s:/@"'<>]{16,2000}(?=@)/gi,
  // password="with blanks"
  /((?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?)["'`]?\s{0,8}[=:]\s{0,8})(?:"(?!\$\{|\{\{|\$\(|\(sensitive\)|true"|false"|null")[^"\n]{3,}"|'(?!\$\{|\{\{|\$\(|\(sensitive\)|true'|false'|null')[^'\n]{3,}')/gi,
  // ?token=…, AccountKey=…;, --password=…, PASSWORD: …
  /((?:^|[\s?&;,{("'`/_.-])["']?[\w.-]{0,60}(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|account[_-]?key|shared[_-]?access[_-]?key|private[_-]?key|client[_-]?secret|secret[_-]?key|credentials?|x-amz-signature|x-amz-security-token|sig|signature|_auth|authtoken)["'`]?\s{0,80}(?:=|:)\s{0,80}["'`]?)(?!\$\{|\{\{|\$\(|\(sensitive\)|["'`\s]|true\b|false\b|null\b)[^\s"'`&;,}]{3,}/gim,
  /([?&]key=)[\w.~%-]{8,}/gi,
  // --password …
  /((?:^|\s)--?[\w-]{0,60}(?:password|passwd|passphrase|secret|token|api-?key)\s{1,80})(?!-|\(sensitive\))\S+/gi,
  /(\b(?:bearer|basic)\s{1,8})[\w.~+/=-]{8,}/gi,
];

/** What looks random: long, of several kinds of characters, and none of the things that look so and are public. */
const RANDOM = /(?<![\w+/=.:-])[A-Za-z0-9+/_=-]{20,}(?![\w+/=-])/g;
const PUBLIC = /^(?:[0-9a-f-]+|[A-Z0-9_]+|[a-z0-9_./-]+|[A-Za-z]+(?:[-_/.][A-Za-z0-9]+)*)$/;
const AZURE_ID = /\/(?:providers|subscriptions|resourceGroups)\//;

function looksRandom(text: string): boolean {
  if ((PUBLIC.test(text) || AZURE_ID.test(text)) && !/^[0-9a-f]{32,}$/.test(text)) return false;
  if (/^[0-9a-f]{40}$|^[0-9a-f]{64}$/.test(text)) return false;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/].filter((kind) => kind.test(text)).length;
  return kinds === 3 && entropy(text) > 3.6;
}

/** Bits per character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((bits, count) => bits - (count / text.length) * Math.log2(count / text.length), 0);
}

const BASE64 = /^[A-Za-z0-9+/_-]{16,}={0,2}$/;
/** Cheap look before the shapes: most texts of a platform have none of these. */
const SPEAKING =
  /:\/\/[^\s/]*@|pass|pwd|secret|token|key|credential|sig|auth|bearer|basic|hook|telegram|-----BEGIN|eyJ|\$\w+\$|AKIA|ASIA|AROA|AIDA|gh[pousr]_|gl[a-z]{2,3}-|xox|xapp|sk-|npm_|pypi-|hv[sbr]\.|do[po]_v1|shp|pat_|AIza|ya29|SG\.|sq0csp|EAAC|lin_api|ATATT|atlasv1|glsa_|glc_|dapi|pul-|figd_|whsec|tfp_|[srp]k_(?:live|test)/i;
const LONG = /[A-Za-z0-9+/_=-]{16}/;

/** A Secret of Kubernetes in a text that is no YAML, such as a template: nothing tells its secrets from the rest. */
const SECRET_MANIFEST = /\bkind["']?\s{0,8}:\s{0,8}["']?Secret\b/;
const SECRET_DATA = /\b(?:stringData|data)["']?\s{0,8}:/;

/** Characters of one line that anybody reads; longer ones are blobs. */
const LONGEST_LINE = 20_000;

/** Characters of a text that anybody reads. */
const LONGEST_TEXT = 1_000_000;

/** The text with everything in it hidden that has the shape of a secret; lines that nobody can read become their length. */
export function hideShapes(text: string): string {
  if (text.length > LONGEST_TEXT) return `(${text.length} characters)`;
  if (text.length > LONGEST_LINE) return hideKnownShapes(withoutLongLines(text));
  return hideKnownShapes(text);
}

const withoutLongLines = (text: string): string =>
  text
    .split("\n")
    .map((line) => (line.length > LONGEST_LINE ? `(${line.length} characters)` : line))
    .join("\n");

function hideKnownShapes(text: string): string {
  if (!LONG.test(text) && !SPEAKING.test(text)) return text;
  if (isSecretInBase64(text)) return HIDDEN;
  if (SECRET_MANIFEST.test(text) && SECRET_DATA.test(text)) return HIDDEN;
  return hideNamed(text).replace(RANDOM, (found) => (looksRandom(found) ? HIDDEN : found));
}

/** Only what is a secret beyond doubt: for names and sentences, in which much looks random. */
export const hideNamed = (text: string): string =>
  SPEAKING.test(text)
    ? SHAPES.reduce(
        (hidden, shape) =>
          hidden.replace(shape, (_match, before: unknown) => `${typeof before === "string" ? before : ""}${HIDDEN}`),
        text,
      )
    : text;

/** `aws_ssm_parameter.x["…"]`: the name of an object, whose keys anybody may have chosen. */
export const hideInName = (name: string): string =>
  hideNamed(name.replace(/\["((?:[^"\\]|\\.)*)"\]/g, (_match, key: string) => `["${hideShapes(key)}"]`));

/** A script or a document, written as `user_data` and the data of Secrets are, also over several lines. */
function isSecretInBase64(text: string): boolean {
  if (!/^[A-Za-z0-9+/_=\s-]+$/.test(text)) return false;
  const compact = text.replace(/\s+/g, "");
  if (!BASE64.test(compact)) return false;
  const decoded = Buffer.from(compact, "base64").toString("latin1");
  return decoded.length > 8 && /^[\t\n\r\x20-\x7e\x80-\xff]+$/.test(decoded) && hideShapes(decoded) !== decoded;
}

/** The text with secrets hidden by the names of keys, where it is a document, and by shape. */
export function hideText(text: string, key = "", inSecret = false): string {
  const document = embeddedDocument(text);
  if (document === undefined) return hideShapes(text);
  const hidden = hideSecrets(document, key, inSecret);
  if (JSON.stringify(hidden) === JSON.stringify(document)) return hideShapes(text);
  return /^\s*[[{]/.test(text) ? JSON.stringify(hidden) : stringify(hidden, { lineWidth: 0 });
}

/** A value with every secret in it hidden: by the names of keys, of `name`/`value` pairs, of `kind: Secret`, and by shape. */
export function hideSecrets(value: Json, key = "", inSecret = false): Json {
  if (typeof value === "string") {
    if (value === "") return value;
    const hide = inSecret ? !saysWhere(key) : isSecretKey(key);
    return hide && !isReference(value) ? HIDDEN : hideText(value, key, inSecret);
  }
  if (typeof value === "number") return isSecretKey(key) || (inSecret && !saysWhere(key)) ? HIDDEN : value;
  if (Array.isArray(value)) return hideList(value as readonly Json[], key, inSecret);
  if (typeof value !== "object" || value === null) return value;
  const object = value as { readonly [key: string]: Json };
  const below = secretBelow(object, key, inSecret);
  const named = namedSecret(object);
  return Object.fromEntries(
    Object.entries(object).map(([name, inner]): [string, Json] => [
      hideShapes(name),
      named && VALUE_KEY.test(name) && typeof inner !== "object"
        ? hideSecrets(inner, "password")
        : hideSecrets(inner, name, below(name)),
    ]),
  );
}

/** Whether the next element of a list is this flag's secret: `--password`. */
export const isSecretFlag = (value: Json | undefined): boolean =>
  typeof value === "string" && /^--?[\w-]+$/.test(value) && isSecretKey(value);

/** `--password`, `hunter2` as two elements. */
const hideList = (list: readonly Json[], key: string, inSecret: boolean): Json =>
  list.map((inner, index) => {
    const previous = list[index - 1];
    return isSecretFlag(previous) && typeof inner === "string" && !inner.startsWith("-")
      ? HIDDEN
      : hideSecrets(inner, key, inSecret);
  });

/** Which keys of an object have secrets below them. */
export function secretBelow(
  object: { readonly [key: string]: Json },
  key: string,
  inSecret: boolean,
): (name: string) => boolean {
  const isSecret = object["kind"] === "Secret";
  const within = inSecret || (isSecretKey(key) && SECRET_SECTIONS.has(wordsOf(key).at(-1) ?? ""));
  return (name) => within || (isSecret && /^(data|stringData)$/.test(name)) || name === "stringData";
}

const VALUE_KEY = /^(value|default|content)$/i;

/** `{ name: DB_PASSWORD, value: … }` */
export function namedSecret(object: { readonly [key: string]: Json }): boolean {
  return ["name", "key", "Name", "Key", "variable"].some((key) => {
    const name = object[key];
    return typeof name === "string" && isSecretKey(name);
  });
}

/** What is filled in elsewhere, and so says nothing. */
const isReference = (text: string): boolean =>
  /^(\$\{[^}]*\}|\{\{[^}]*\}\}|\$\([\w.]+\)|\$[A-Z_][A-Z0-9_]*|\(sensitive\)|\(known after apply\)|true|false|null)$/.test(
    text,
  );
