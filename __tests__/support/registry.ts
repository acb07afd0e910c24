/** A registry on this machine, as the real ones answer: with a token for anybody, digests in a header or not, and a chart repository. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export const DIGEST = `sha256:${"ab".repeat(32)}`;
export const MANIFEST = '{"schemaVersion":2}';

/** As chart repositories write it, with another chart before and after, and versions that begin alike. */
const INDEX = `apiVersion: v1
entries:
  gitea:
  - apiVersion: v2
    digest: ${"11".repeat(32)}
    version: 12.6.0
  vcluster:
  - apiVersion: v2
    dependencies:
    - name: other
      version: 0.36.1
    digest: ${"22".repeat(32)}
    version: 0.36.1-rc.1
  - apiVersion: v2
    digest: ${"33".repeat(32)}
    version: 0.36.1
  z-last:
  - apiVersion: v2
    version: 0.36.1
generated: "2026-11-21T00:00:00Z"
`;

export interface RegistryDouble {
  /** `127.0.0.1:12345` */
  readonly host: string;
  /** Requests, as `HEAD /v2/…`. */
  readonly asked: string[];
  close(): Promise<unknown>;
}

export async function startRegistry(): Promise<RegistryDouble> {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    const { method = "", url = "", headers } = request;
    asked.push(`${method} ${url}`);
    const host = headers.host ?? "";
    const end = (status: number, body = "", more: Record<string, string> = {}) => {
      response.writeHead(status, more).end(method === "HEAD" ? undefined : body);
    };
    if (url.startsWith("/token"))
      end(200, JSON.stringify({ token: url.includes("repository%3Aa%2Fprivate") ? "t" : "" }));
    else if (url === "/charts/index.yaml") end(200, INDEX);
    else if (url.includes("/silent/")) return;
    else if (url.startsWith("/v2/a/private/") && headers.authorization !== "Bearer t")
      end(401, "", {
        "www-authenticate": `Bearer realm="http://${host}/token",service="double",scope="repository:a/private:pull"`,
      });
    else if (/^\/v2\/a\/(private|public)(\/[\w.-]+)?\/manifests\/[\w.-]+$/.test(url))
      // Without these a registry answers for one machine's image, not for the list of all.
      end(headers.accept?.includes("image.index") ? 200 : 406, MANIFEST, { "docker-content-digest": DIGEST });
    else if (url.startsWith("/v2/a/headless/")) end(200, MANIFEST);
    else end(404);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
