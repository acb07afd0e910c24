/** What a registry or a chart repository answers when it is asked for a digest. Only asks; anonymous, as any cluster would. */
import { createHash } from "node:crypto";
import { parse } from "yaml";
import { splitImage } from "../config/registries";

/** Milliseconds for one answer. */
const PATIENCE = 15_000;

/** Manifests of images and of charts, for one machine or for several: https://github.com/opencontainers/distribution-spec/blob/main/spec.md */
const MANIFESTS = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** A digest, or in one sentence why there is none. */
export type Answer = { readonly digest: string } | { readonly problem: string };

/** @param image `registry/repository:tag`; one that names its digest is not asked for */
export async function imageDigest(image: string, patience = PATIENCE): Promise<Answer> {
  const pinned = /@(sha256:[0-9a-f]{64})$/.exec(image)?.[1];
  if (pinned !== undefined) return { digest: pinned };
  const { host, repository, suffix } = splitImage(image);
  return attempt(patience, async (ask) => {
    const url = `${origin(host)}/v2/${repository}/manifests/${suffix.slice(1) || "latest"}`;
    const known = (await ask(url, { method: "HEAD" })).headers.get("docker-content-digest");
    if (known !== null) return known;
    // Not every registry says it: it is the digest of what it sends.
    return sha256(Buffer.from(await (await ask(url)).arrayBuffer()));
  });
}

/** @param repository `https://` or `oci://`, as in the chart table */
export async function chartDigest(
  repository: string,
  chart: string,
  version: string,
  patience = PATIENCE,
): Promise<Answer> {
  // Tags have no "+": https://helm.sh/docs/topics/registries/
  if (repository.startsWith("oci://"))
    return imageDigest(`${repository.slice("oci://".length)}/${chart}:${version.replaceAll("+", "_")}`, patience);
  return attempt(patience, async (ask) => {
    const digest = digestIn(await (await ask(`${repository}/index.yaml`)).text(), chart, version);
    if (digest === undefined) throw new Error(`its index.yaml has no digest of ${chart} ${version}`);
    return digest.startsWith("sha256:") ? digest : `sha256:${digest}`;
  });
}

type Ask = (url: string, options?: RequestInit) => Promise<Response>;

/** Whatever goes wrong is an answer: one silent registry must not hide the others. */
async function attempt(patience: number, work: (ask: Ask) => Promise<string>): Promise<Answer> {
  const signal = AbortSignal.timeout(patience);
  try {
    return { digest: await work((url, options) => authorized(url, { ...options, signal })) };
  } catch (error) {
    if (signal.aborted) return { problem: `no answer within ${patience / 1000} s` };
    const { message, cause } = error as Error & {
      readonly cause?: { readonly code?: string; readonly message?: string };
    };
    return { problem: cause?.code ?? cause?.message ?? message };
  }
}

/** A request, and once more with the token that a registry gives to anybody: https://distribution.github.io/distribution/spec/auth/token/ */
async function authorized(url: string, options: RequestInit): Promise<Response> {
  const headers = { accept: `${MANIFESTS}, */*` };
  const first = await fetch(url, { ...options, headers });
  const challenge = first.status === 401 ? first.headers.get("www-authenticate") : null;
  if (challenge === null || !/^bearer /i.test(challenge)) return fine(first);
  const { realm = "", ...query } = Object.fromEntries(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [key, value]),
  );
  const asked = fine(
    await fetch(`${realm}?${new URLSearchParams(query).toString()}`, { signal: options.signal ?? null }),
  );
  const { token, access_token } = (await asked.json()) as { readonly token?: string; readonly access_token?: string };
  const authorization = `Bearer ${token ?? access_token ?? ""}`;
  return fine(await fetch(url, { ...options, headers: { ...headers, authorization } }));
}

function fine(response: Response): Response {
  if (response.ok) return response;
  throw new Error(`it answers ${response.status}${response.status === 404 ? ", not found" : ""}`);
}

/** Docker Hub's API has another name than its images; on this machine registries speak plain HTTP, as for Docker itself. */
function origin(host: string): string {
  if (host === "docker.io") return "https://registry-1.docker.io";
  return /^(localhost|127\.0\.0\.1)(:\d+)?$/.test(host) ? `http://${host}` : `https://${host}`;
}

interface Entry {
  readonly version: string;
  readonly digest?: string;
}

/** Of a repository's index. The largest have 20 MB, of which one chart's own part is all that is parsed. */
function digestIn(index: string, chart: string, version: string): string | undefined {
  const lines = index.split("\n");
  const start = lines.indexOf(`  ${chart}:`);
  if (start < 0) return undefined;
  const length = lines.slice(start + 1).findIndex((line) => /^ {0,2}[^ -]/.test(line));
  const section = lines.slice(start + 1, length < 0 ? undefined : start + 1 + length);
  const starts = section.flatMap((line, at) =>
    /^ *- /.test(line) && indent(line) === indent(section[0] ?? "") ? [at] : [],
  );
  for (const [index, at] of starts.entries()) {
    const text = section.slice(at, starts[index + 1]).join("\n");
    if (!text.includes(version)) continue;
    // All text: digits alone would be a number, and "12e4" another one.
    const [entry] = parse(text, { schema: "failsafe" }) as readonly [Entry];
    if (entry.version === version) return entry.digest;
  }
  return undefined;
}

const indent = (line: string): number => line.search(/\S/);

export const sha256 = (data: string | Buffer): string => `sha256:${createHash("sha256").update(data).digest("hex")}`;
