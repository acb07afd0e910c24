import type { Client, HttpResponse } from "@azure-rest/core-client";
import { z } from "zod";
import { AzureError } from "./errors";

export interface Request {
  /** Below the endpoint, and beginning with a slash. */
  readonly path: string;
  /** Of the resource provider; see api-versions.ts. @default - none: Graph has it in its endpoint */
  readonly apiVersion?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/**
 * One of Azure's REST APIs. Every method throws AzureError for what Azure refuses, and for an answer of another shape than expected;
 * and what `@azure/identity` and the network throw (errors.ts tells them apart). What Azure throttles is tried again.
 */
export interface RestApi {
  readonly get: <T>(request: Request, shape: z.ZodType<T>) => Promise<T>;
  /** The same; undefined where it is not there. */
  readonly find: <T>(request: Request, shape: z.ZodType<T>) => Promise<T | undefined>;
  /** All pages of a collection. @param shape of one item */
  readonly list: <T>(request: Request, shape: z.ZodType<T>) => Promise<readonly T[]>;
  readonly post: <T>(request: Request, shape: z.ZodType<T>) => Promise<T>;
  /** These return when Azure has done it, not when it has begun. */
  readonly put: (request: Request) => Promise<void>;
  readonly patch: (request: Request) => Promise<void>;
}

type Method = "get" | "put" | "post" | "patch";

/** Seconds between two looks at a long operation, where Azure does not say. */
const POLL_SECONDS = 5;

/** @param token of this API @param load the package that sends, at the first request */
export function restApi(
  endpoint: string,
  token: () => Promise<string>,
  load: () => typeof import("@azure-rest/core-client"),
): RestApi {
  let client: Client | undefined;

  async function send(method: Method, { path, apiVersion, query, body }: Request): Promise<HttpResponse> {
    client ??= load().getClient(endpoint, {
      // Of loopback, in tests; then the package's own way to add a token refuses.
      allowInsecureConnection: endpoint.startsWith("http://127.0.0.1:"),
      additionalPolicies: [
        {
          position: "perCall",
          policy: {
            name: "token",
            sendRequest: async (request, next) => {
              request.headers.set("authorization", `Bearer ${await token()}`);
              return next(request);
            },
          },
        },
      ],
    });
    const response = await client.pathUnchecked(path)[method]({
      queryParameters: { ...(apiVersion !== undefined && { "api-version": apiVersion }), ...query },
      ...(body !== undefined && { body }),
    });
    if (Number(response.status) >= 400) throw refused(method, path, response);
    return response;
  }

  /** The last answer: https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations */
  async function settled(method: Method, request: Request): Promise<HttpResponse> {
    let response = await send(method, request);
    while (response.status === "202" && response.headers["location"] !== undefined) {
      const asked = Number(response.headers["retry-after"]);
      const seconds = Number.isNaN(asked) ? POLL_SECONDS : asked;
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
      response = await send("get", { path: local(response.headers["location"]) });
    }
    return response;
  }

  /** Azure answers with whole addresses, some of them in a region; a token goes to nobody else. */
  function local(address: string): string {
    const { host } = new URL(endpoint);
    const found = new URL(address, endpoint);
    if (found.host !== host && !found.host.endsWith(`.${host}`))
      throw new AzureError(0, "UnexpectedAnswer", `it leads to ${address}, which is not of ${host}`);
    return found.toString();
  }

  const get: RestApi["get"] = async (request, shape) => read(request.path, await send("get", request), shape);
  return {
    get,
    find: async (request, shape) => {
      try {
        return await get(request, shape);
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    list: async (request, shape) => {
      const page = z.object({
        value: z.array(shape),
        nextLink: z.string().nullish(),
        "@odata.nextLink": z.string().nullish(),
      });
      const items = [];
      let next: Request | undefined = request;
      while (next) {
        const found: z.output<typeof page> = await get(next, page);
        items.push(...found.value);
        // Some providers end with an empty one.
        const link = found.nextLink || found["@odata.nextLink"];
        next = link ? { path: local(link) } : undefined;
      }
      return items;
    },
    post: async (request, shape) => read(request.path, await settled("post", request), shape),
    put: async (request) => {
      await settled("put", request);
    },
    patch: async (request) => {
      await settled("patch", request);
    },
  };
}

/**
 * Whether a refusal says that just this is not there. Other answers with 404 are about the subscription, or about a kind that Azure does not
 * know, or those of a proxy, and prove nothing. Each provider has its own code, such as `ContainerNotFound`; that of budgets is a number.
 */
const isMissing = (error: unknown): boolean =>
  error instanceof AzureError &&
  error.status === 404 &&
  /^404$|NotFound$/.test(error.code) &&
  error.code !== "SubscriptionNotFound";

/** A list of what is in something; something that is gone holds nothing. */
export async function inside<T>(list: Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await list;
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

const refusal = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

function refused(method: Method, path: string, { status, body }: HttpResponse): AzureError {
  const said = refusal.safeParse(body);
  return said.success
    ? new AzureError(Number(status), said.data.error.code, said.data.error.message)
    : new AzureError(Number(status), "NoReason", `${method.toUpperCase()} ${path} was refused without a reason`);
}

function read<T>(path: string, { status, body }: HttpResponse, shape: z.ZodType<T>): T {
  const answer = shape.safeParse(body);
  if (answer.success) return answer.data;
  throw new AzureError(
    Number(status),
    "UnexpectedAnswer",
    `${path} answered otherwise than expected: ${z.prettifyError(answer.error).replace(/\s+/g, " ")}`,
  );
}
