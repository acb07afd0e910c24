import { Tokenization } from "cdktf";

/**
 * cdktf looks for tokens in every text twice, and makes three objects for each on the way: half of a synth. While `work` runs, only
 * what may have a token in it, as text or as a number, goes to cdktf; the rest is what it is, without what is undefined.
 */
export function withQuickTokens<T>(work: () => T): T {
  const resolve = Reflect.get(Tokenization, "resolve") as (value: unknown, options: unknown) => unknown;
  Tokenization.resolve = (given, options) => withoutTokens(given, (value) => resolve(value, options));
  try {
    return work();
  } finally {
    Reflect.set(Tokenization, "resolve", resolve);
  }
}

/** Encoded tokens: `${TfToken[x.1]}`, `#{TfToken[TOKEN.1]}`, and numbers such as -1.8881545897087626e+289, also within a text. */
const TOKEN = /TfToken\[|e\+\d/;

function withoutTokens(value: unknown, resolve: (value: unknown) => unknown): unknown {
  if (typeof value === "string") return TOKEN.test(value) ? resolve(value) : value;
  if (typeof value === "number") return TOKEN.test(String(value)) ? resolve(value) : value;
  if (typeof value === "boolean" || value === undefined || value === null) return value;
  if (Array.isArray(value))
    // A list may be one token.
    return value.some((item) => typeof item === "number" || (typeof item === "string" && item.startsWith("#{")))
      ? resolve(value)
      : value.map((item) => withoutTokens(item, resolve)).filter((item) => item !== undefined);
  if (!isPlain(value) || Object.keys(value).some((key) => TOKEN.test(key))) return resolve(value);
  const result: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    const found = withoutTokens(inner, resolve);
    if (found !== undefined) result[key] = found;
  }
  return result;
}

const isPlain = (value: object): boolean =>
  Object.getPrototypeOf(value) === Object.prototype && !Tokenization.isResolvable(value);
