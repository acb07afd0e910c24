/** What must not be shown, by the name of its key and by its shape. Marks of Terraform are honoured in differences.ts. */
import type { Json } from "../../policies/plan/synthesized-stack";

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
/** Keys with such a word that hold a name or a setting, and no secret. */
const NAME_OF_SECRET =
  /^(existing|use|enable|create|has|is|require|disable|automount|generate|allow|rotate|mount)|(name|names|ref|refs|reference|selector|namespace|path|file|policy|type|provider|store|class|length|ttl|lifetime|expiry|url|uri|version|id|arn|mode|enabled|format|label|annotations?|keys)$/i;

/** Whether what stands under this key is a secret itself. */
export function isSecretKey(key: string): boolean {
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

/** Shapes of what is a secret wherever it stands. The first group, where there is one, stays. */
const SHAPES: readonly RegExp[] = [
  /-----BEGIN [A-Z0-9 ]*(?:PRIVATE KEY|PGP MESSAGE)[A-Z ]*-----[\s\S]*?(?:-----END [A-Z0-9 ]*-----|$)/g,
  /\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g,
  /\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}\b/g,
  /\b(?:gh[pousr]_|github_pat_|glpat-|gldt-|glrt-|xox[abeoprs]-|xapp-|sk-|sk_live_|sk_test_|rk_live_|pk_live_|npm_|pypi-|hv[sbr]\.|dop_v1_|doo_v1_|shpat_|shpss_|dckr_pat_|AGE-SECRET-KEY-|AIza|ya29\.|SG\.|sq0csp-|EAAC|lin_api_|ATATT3x|atlasv1\.|glsa_|glc_|dapi|pul-|figd_|whsec_|tfp_)[\w.~+/=-]{8,}/g,
  /\$(?:2[abxy]|apr1|argon2id?|[156y])\$[\w./$,=+-]{8,}/g,
  /(https:\/\/(?:hooks\.slack\.com\/(?:services|workflows)|discord(?:app)?\.com\/api\/webhooks|[\w.-]+\.webhook\.office\.com)\/)[\w./@-]+/g,
  // user:password@host
  /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@"'<>]*:)[^\s/"'<>]+(?=@)/gi,
  // ?token=…, AccountKey=…;, --password=…, PASSWORD: …
  /((?:^|[\s?&;,{("'`/_.-])["']?[\w.-]*(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|account[_-]?key|shared[_-]?access[_-]?key|private[_-]?key|client[_-]?secret|secret[_-]?key|credentials?|x-amz-signature|x-amz-security-token|sig|signature|_auth|authtoken)["'`]?\s*(?:=|:)\s*["'`]?)(?!\$\{|\{\{|\$\(|\(sensitive\)|["'`\s]|true\b|false\b|null\b)[^\s"'`&;,}]{3,}/gim,
  // --password …
  /((?:^|\s)--?[\w-]*(?:password|passwd|passphrase|secret|token|api-?key)\s+)(?!-)\S+/gi,
  /(\b(?:bearer|basic)\s+)[\w.~+/=-]{8,}/gi,
];

/** What looks random: long, of several kinds of characters, and none of the things that look so and are public. */
const RANDOM = /(?<![\w+/=.:-])[A-Za-z0-9+/_=-]{20,}(?![\w+/=-])/g;
const PUBLIC =
  /^(?:[0-9a-f-]+|[A-Z0-9_]+|[a-z0-9_./-]+|[A-Za-z]+(?:[-_/.][A-Za-z0-9]+)*|.*\/.*\/.*(?:providers|subscriptions|resourceGroups)\/.*)$/;

function looksRandom(text: string): boolean {
  if (PUBLIC.test(text) && !/^[0-9a-f]{32,}$/.test(text)) return false;
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

const BASE64 = /^[A-Za-z0-9+/]{16,}={0,2}$/;
/** Cheap look before the shapes: most texts of a platform have none of these. */
const SUSPICIOUS =
  /[A-Za-z0-9+/_=-]{20}|:\/\/[^\s/]*@|pass|pwd|secret|token|key|credential|sig|auth|bearer|basic|-----BEGIN|\$\w+\$|AKIA|ASIA|sk-|SG\.|AIza/i;

/** The text with everything in it hidden that has the shape of a secret. */
export function hideShapes(text: string): string {
  if (!SUSPICIOUS.test(text)) return text;
  const compact = text.trim();
  if (BASE64.test(compact)) {
    const decoded = Buffer.from(compact, "base64").toString("utf8");
    if (/^[\t\n\r\x20-\x7e]+$/.test(decoded) && decoded.length > 8 && hideShapes(decoded) !== decoded) return HIDDEN;
  }
  const shaped = SHAPES.reduce(
    (hidden, shape) =>
      hidden.replace(shape, (_match, before: unknown) => `${typeof before === "string" ? before : ""}${HIDDEN}`),
    text,
  );
  return shaped.replace(RANDOM, (found) => (looksRandom(found) ? HIDDEN : found));
}

/** A value with every secret in it hidden: by the names of keys, of `name`/`value` pairs, of `kind: Secret`, and by shape. */
export function hideSecrets(value: Json, key = "", inSecret = false): Json {
  if (typeof value === "string") {
    if (value === "") return value;
    const hide = inSecret ? !saysWhere(key) : isSecretKey(key);
    return hide && !isReference(value) ? HIDDEN : hideShapes(value);
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

/** `--password`, `hunter2` as two elements. */
const hideList = (list: readonly Json[], key: string, inSecret: boolean): Json =>
  list.map((inner, index) => {
    const previous = list[index - 1];
    const flag = typeof previous === "string" && /^--?[\w-]+$/.test(previous) && isSecretKey(previous);
    return flag && typeof inner === "string" && !inner.startsWith("-") ? HIDDEN : hideSecrets(inner, key, inSecret);
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
