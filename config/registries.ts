/** Where charts and images come from, at sites that cannot reach the public registries. */
import { z } from "zod";
import { object, suggest } from "./zod";

/** Registries that images come from, of public charts and of the platform's own. A test compares. */
export const IMAGE_HOSTS = [
  "docker.gitea.com",
  "docker.io",
  "ecr-public.aws.com",
  "ghcr.io",
  "icr.io",
  "mirror.gcr.io",
  "nvcr.io",
  "public.ecr.aws",
  "quay.io",
  "registry.k8s.io",
] as const;

export type ImageHost = (typeof IMAGE_HOSTS)[number];

const url = z
  .string()
  .regex(/^(https|oci):\/\/\S+[^/]$/, "must be an https:// or oci:// address without a slash at its end");

/** A registry, or a path in one. */
export const registryLocation = z
  .string()
  .regex(
    /^(localhost|[a-z0-9-]+(\.[a-z0-9-]+)+|[a-z0-9.-]+(?=:))(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/,
    'must be the host of a registry and a path in it, in lower case, without a scheme and without a slash at its end, such as "registry.example.com/mirror"',
  );

const knownHosts: ReadonlySet<string> = new Set(IMAGE_HOSTS);
const images = z.record(z.string(), registryLocation).superRefine((mirrors, context) => {
  for (const host of Object.keys(mirrors).filter((host) => !knownHosts.has(host)))
    context.addIssue({
      code: "custom",
      message: `unknown key "${host}"${suggest(host, IMAGE_HOSTS)}`,
      params: { rule: "unknown-key", key: host },
    });
});

export const registriesSchema = object({
  mirror: registryLocation.optional(),
  charts: z.record(url, url).default({}),
  images: images.default({}),
});

/** As the config says, see `RegistriesInput`. */
export type Registries = Readonly<z.output<typeof registriesSchema>>;

/** Nothing is mirrored. */
export const PUBLIC_REGISTRIES: Registries = { charts: {}, images: {} };

/** Where a chart comes from: its repository, or the mirror of it. */
export function chartRepository(repository: string, { mirror, charts }: Registries): string {
  return charts[repository] ?? (mirror === undefined ? repository : `oci://${mirror}/charts`);
}

/**
 * An image at its mirror, or as it was where there is none for its registry.
 *
 * @param image with or without a tag, with its registry
 */
export function mirrored(image: string, { mirror, images }: Registries): string {
  const { host, repository, suffix } = splitImage(image);
  const at = images[host] ?? (mirror === undefined ? undefined : `${mirror}/${host}`);
  return at === undefined ? image : `${at}/${repository}${suffix}`;
}

export interface ImageParts {
  readonly host: string;
  readonly repository: string;
  /** `:tag`, `@digest` or both; empty where there is none. */
  readonly suffix: string;
}

/** `docker.io`, `library/busybox` and `:1.37` of `busybox:1.37`: what Docker Hub leaves out, a mirror wants to be told. */
export function splitImage(image: string): ImageParts {
  const [first = "", ...others] = image.split("/");
  const named = others.length > 0 && /[.:]|^localhost$/.test(first);
  const host = named ? first : "docker.io";
  const path = named ? others.join("/") : image;
  // A tag never has a slash.
  const suffix = /[:@][^/]*$/.exec(path)?.[0] ?? "";
  const name = path.slice(0, path.length - suffix.length);
  return { host, repository: host === "docker.io" && !name.includes("/") ? `library/${name}` : name, suffix };
}
