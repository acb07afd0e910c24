/** Images that the platform's own objects run: databases, Jobs. Those of public charts are in chart-images.ts. */
import { mirrored, type Registries } from "../../config/registries";

export interface Image {
  /** Host of the registry: one of `IMAGE_HOSTS`. */
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
}

/** Every one, pinned: bump its tag here. One image is one line, so that Renovate finds it. */
export const IMAGES = {
  // Runs the scripts of our own Jobs.
  node: { registry: "docker.io", repository: "library/node", tag: "24.11.1-alpine3.22" },
  // Imports realms into Keycloak; the second half of the tag is the version of Keycloak that it was tested with.
  "keycloak-config-cli": { registry: "docker.io", repository: "adorsys/keycloak-config-cli", tag: "6.5.0-26.5.4" },
  // Of every database. Its first number is the version of the data: a higher one is an upgrade of PostgreSQL.
  postgresql: { registry: "ghcr.io", repository: "cloudnative-pg/postgresql", tag: "18.4-system-trixie" },
  // The one of the vcluster chart's etcd: nothing else reads its snapshots for sure.
  etcd: { registry: "registry.k8s.io", repository: "etcd", tag: "3.6.8-0" },
  // Makes the snapshots of volumes.
  kubectl: { registry: "registry.k8s.io", repository: "kubectl", tag: "v1.35.0" },
} as const satisfies Record<string, Image>;

export type ImageName = keyof typeof IMAGES;

/** `registry/repository:tag` of an image, at its mirror where there is one. */
export function imageOf(name: ImageName, registries: Registries): string {
  const { registry, repository, tag } = IMAGES[name];
  return mirrored(`${registry}/${repository}:${tag}`, registries);
}
