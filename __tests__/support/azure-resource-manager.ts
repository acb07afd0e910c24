/**
 * Azure Resource Manager on loopback, on the wire that the client really uses: a tree of resources by path. It knows what every provider
 * has in common, and of storage accounts and role assignments what the commands meet. Microsoft Graph is below /v1.0.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { azureClients, type AzureClients } from "../../stacks/azure/operations/clients";

/** A resource as ARM answers with it; id, name and type follow from its path. */
export type Resource = Record<string, unknown>;

export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message?: string;
  readonly headers?: Record<string, string>;
  /** How often. @default - always */
  readonly times?: number;
}

export const SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000000";
export const TENANT = "99999999-9999-9999-9999-999999999999";
export const CALLER = "33333333-3333-3333-3333-333333333333";

/**
 * What this double knows of each provider: its kinds, and a version of its API that has them, the first line that fits.
 * https://github.com/Azure/azure-rest-api-specs
 */
const KINDS: readonly (readonly [kind: RegExp, version: string])[] = [
  [/^microsoft\.authorization\/locks/, "2016-09-01"],
  [/^microsoft\.authorization\/(roleassignments|permissions)/, "2022-04-01"],
  [/^microsoft\.compute\/skus/, "2021-07-01"],
  [/^microsoft\.compute\//, "2024-07-01"],
  [/^microsoft\.consumption\/budgets/, "2023-05-01"],
  [/^microsoft\.containerservice\//, "2024-09-01"],
  [/^microsoft\.features\/providers/, "2021-07-01"],
  [/^microsoft\.keyvault\/(vaults|deletedvaults|locations|checknameavailability)/, "2023-07-01"],
  [/^microsoft\.kubernetesconfiguration\/extensions/, "2024-11-01"],
  [/^microsoft\.network\/dnszones/, "2018-05-01"],
  [/^microsoft\.network\//, "2025-01-01"],
  [/^microsoft\.operationalinsights\/workspaces/, "2023-09-01"],
  [/^microsoft\.storage\/(storageaccounts|locations|checknameavailability)/, "2023-05-01"],
  // Of Resource Manager itself.
  [/^[^/]+(\/register)?$/, "2021-04-01"],
  [/^\/subscriptions\/[^/]+(\/locations)?$/, "2022-12-01"],
  [/^\/subscriptions\//, "2021-04-01"],
];

export class ResourceManager {
  /** Groups of whoever asks Graph: object ids. */
  memberOf: string[] = [];
  /** Namespaces that the subscription is not registered for, in lower case. */
  readonly unregistered = new Set<string>();
  /** Names of storage accounts of other people. */
  readonly taken = new Set<string>();
  /** Claims of the caller's token. */
  claims: Record<string, unknown> = {};
  /** Items of a page. */
  pageSize = 100;
  /** `PUT /subscriptions/…`, in the order in which they came. */
  readonly requests: string[] = [];
  private readonly resources = new Map<string, Resource>();
  private readonly answers = new Map<string, unknown>();
  private refusals: { readonly method: string; readonly path: string; readonly refusal: Refusal; left: number }[] = [];
  /** Paths of long operations, and what each ends with. */
  private readonly operations = new Map<string, { asked: boolean; readonly result: Resource }>();
  private readonly server: Server = createServer((request, response) => void this.serve(request, response));
  private endpoint = "";

  async start(): Promise<void> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    this.endpoint = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    this.empty();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  /** As it was at the start: an enabled subscription with nothing in it, and a user who is signed in. */
  empty(): void {
    for (const all of [this.resources, this.answers, this.operations, this.unregistered, this.taken]) all.clear();
    this.requests.length = 0;
    this.refusals = [];
    this.memberOf = [];
    this.pageSize = 100;
    this.claims = { oid: CALLER, tid: TENANT, idtyp: "user", upn: "ada@acme.example" };
    this.set(SUBSCRIPTION, { displayName: "acme", state: "Enabled", tenantId: TENANT });
  }

  /** Clients that ask here, as whom `claims` says, and that do not wait. */
  clients(subscription = SUBSCRIPTION.split("/")[2] ?? ""): AzureClients {
    return azureClients(subscription, {
      resourceManager: this.endpoint,
      graph: `${this.endpoint}/v1.0`,
      credential: {
        getToken: () => {
          const payload = Buffer.from(JSON.stringify(this.claims)).toString("base64url");
          return Promise.resolve({ token: `e30.${payload}.x`, expiresOnTimestamp: Infinity });
        },
      },
      pause: () => Promise.resolve(),
    });
  }

  /** Puts a resource there, whatever is around it. */
  set(path: string, resource: Resource = {}): void {
    this.resources.set(path.toLowerCase(), { id: path, name: path.split("/").at(-1), type: typeOf(path), ...resource });
  }

  get(path: string): Resource | undefined {
    return this.resources.get(path.toLowerCase());
  }

  /** Says what GET or POST of a path answers that is no resource; an array is answered as a list. */
  answer(path: string, answer: unknown): void {
    this.answers.set(path.toLowerCase(), answer);
  }

  /** Refuses requests whose path has `path` in it. @param method such as `PUT`, or `*` */
  refuse(method: string, path: string, refusal: Refusal): void {
    this.refusals.push({ method, path: path.toLowerCase(), refusal, left: refusal.times ?? Infinity });
  }

  /** The requests that changed something, or would have. */
  writes(): readonly string[] {
    return this.requests.filter((request) => /^(PUT|PATCH|DELETE|POST .*\/register$)/.test(request));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "GET" } = request;
    const url = new URL(request.url ?? "", this.endpoint);
    const path = decodeURIComponent(url.pathname).replace(/\/$/, "");
    let text = "";
    for await (const chunk of request) text += String(chunk);
    this.requests.push(`${method} ${path}`);
    const send = ({ status, body, headers = {} }: Answer): void => {
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    };
    try {
      send(this.handle({ method, path, url, body: text ? (JSON.parse(text) as Resource) : {} }, request));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { status, code, message = code, headers } = error.refusal;
      send({ status, body: { error: { code, message } }, headers });
    }
  }

  private handle(asked: Asked, { headers }: IncomingMessage): Answer {
    const { method, path, url } = asked;
    if (!headers.authorization?.startsWith("Bearer "))
      throw new Refused({ status: 401, code: "AuthenticationFailed", message: "Authentication failed." });
    const refusal = this.refusals.find(
      (one) => one.left > 0 && ["*", method].includes(one.method) && path.toLowerCase().includes(one.path),
    );
    if (refusal) {
      refusal.left -= 1;
      throw new Refused(refusal.refusal);
    }
    const isGraph = path.startsWith("/v1.0/");
    if (!isGraph) this.mustBeKnown(path, url);
    const answer = this.answers.get(path.toLowerCase());
    if (answer !== undefined)
      return Array.isArray(answer) ? this.page(offered(answer, url), url) : { status: 200, body: answer };
    if (isGraph) return this.graph(asked);
    switch (method) {
      case "GET":
        return this.read(asked);
      case "POST":
        return this.act(asked);
      case "PUT":
        return this.put(asked);
      case "PATCH":
        return this.patch(asked);
      case "DELETE":
        return this.remove(asked);
      default:
        throw new Refused({ status: 405, code: "MethodNotAllowed" });
    }
  }

  private graph({ path, body }: Asked): Answer {
    if (!path.endsWith("/checkMemberGroups")) throw new Refused({ status: 404, code: "Request_ResourceNotFound" });
    const { groupIds = [] } = body as { groupIds?: string[] };
    return { status: 200, body: { value: groupIds.filter((id) => this.memberOf.includes(id)) } };
  }

  private read({ path, url }: Asked): Answer {
    const operation = this.operations.get(path.toLowerCase());
    if (operation) {
      if (operation.asked) return { status: 200, body: operation.result };
      operation.asked = true;
      return { status: 202, headers: this.later(path, url) };
    }
    const [, namespace] = /^\/subscriptions\/[^/]+\/providers\/([^/]+)$/i.exec(path) ?? [];
    if (namespace !== undefined)
      return {
        status: 200,
        body: {
          namespace,
          registrationState: this.unregistered.has(namespace.toLowerCase()) ? "NotRegistered" : "Registered",
        },
      };
    const found = this.get(path);
    if (found) return { status: 200, body: found };
    // A collection ends with a kind, a resource with a name.
    if (path.split("/").length % 2 === 1) throw notFound(path);
    this.mustHold(parentOf(path));
    return this.page(this.below(path, url.searchParams.get("$filter") ?? ""), url);
  }

  private page(items: readonly unknown[], url: URL): Answer {
    const start = Number(url.searchParams.get("$skiptoken") ?? 0);
    const end = start + this.pageSize;
    const next = new URL(url);
    next.searchParams.set("$skiptoken", String(end));
    return {
      status: 200,
      body: { value: items.slice(start, end), ...(end < items.length && { nextLink: next.toString() }) },
    };
  }

  private below(path: string, filter: string): readonly Resource[] {
    const [, tag, value] = /^tagName eq '(.*)' and tagValue eq '(.*)'$/.exec(filter) ?? [];
    if (/\/Microsoft\.Authorization\/locks$/i.test(path)) return this.locks(path);
    const [, assignee] = /^assignedTo\('(.*)'\)$/.exec(filter) ?? [];
    if (assignee !== undefined) return this.assignments(path, assignee);
    const pattern = /^(.*)\/resources$/i.exec(path)?.[1];
    const [, scope = "", kind = ""] = /^(\/subscriptions\/[^/]+)(\/providers\/.+)$/i.exec(path) ?? [];
    const isIn = (id: string): boolean => {
      if (pattern !== undefined)
        return (
          starts(id, `${pattern}/`) &&
          /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/(?!microsoft\.authorization)[^/]+\/[^/]+\/[^/]+$/i.test(
            id,
          )
        );
      // A provider's kind in a subscription is that of all its resource groups.
      const own = kind && starts(id, `${scope}/resourceGroups/`) ? id.replace(/\/resourceGroups\/[^/]+/i, "") : id;
      return starts(own, `${path}/`) && !own.slice(path.length + 1).includes("/");
    };
    return [...this.resources.values()].filter(
      ({ id, tags }) =>
        isIn(String(id)) && (tag === undefined || hasTag(tags as Record<string, string> | undefined, tag, value)),
    );
  }

  /** Those above the scope hold it as well, and those below are listed with them. */
  private locks(path: string): readonly Resource[] {
    const scope = path.replace(/\/providers\/Microsoft\.Authorization\/locks$/i, "");
    return [...this.resources.values()].filter(({ id }) => {
      const at = parentOf(String(id));
      return isLock(String(id)) && (starts(`${at}/`, `${scope}/`) || starts(`${scope}/`, `${at}/`));
    });
  }

  /** Above and below the scope as well, and those of groups. */
  private assignments(path: string, assignee: string): readonly Resource[] {
    const scope = path.replace(/\/providers\/Microsoft\.Authorization\/roleAssignments$/i, "");
    return [...this.resources.values()].filter(({ id, properties }) => {
      if (!isAssignment(String(id))) return false;
      const { principalId } = properties as { principalId: string };
      const at = parentOf(String(id));
      return (
        [assignee, ...this.memberOf].includes(principalId) &&
        (starts(`${at}/`, `${scope}/`) || starts(`${scope}/`, `${at}/`))
      );
    });
  }

  private act({ path, body }: Asked): Answer {
    const [, namespace] = /\/providers\/([^/]+)\/register$/i.exec(path) ?? [];
    if (namespace !== undefined) {
      this.unregistered.delete(namespace.toLowerCase());
      return { status: 200, body: { namespace, registrationState: "Registering" } };
    }
    if (/\/providers\/Microsoft\.Storage\/checkNameAvailability$/i.test(path)) {
      const name = String(body["name"]);
      const isUsed = [...this.resources.keys()].some((id) => id.endsWith(`/storageaccounts/${name}`));
      const free = { status: 200, body: { nameAvailable: true } };
      return this.taken.has(name) || isUsed
        ? { status: 200, body: { nameAvailable: false, reason: "AlreadyExists", message: `${name} is already taken.` } }
        : free;
    }
    throw notFound(path);
  }

  private put(asked: Asked): Answer {
    const { path, url, body } = asked;
    this.mustHold(parentOf(path));
    mustHaveUniqueTags(body);
    const known = this.get(path);
    if (isAssignment(path)) this.mustBeNew(path, body);
    this.set(
      path,
      isAssignment(path) ? { properties: { ...(body["properties"] as Resource), scope: parentOf(path) } } : body,
    );
    if (!/\/storageAccounts\/[^/]+$/i.test(path) || known) return { status: known ? 200 : 201, body: this.get(path) };
    // An account takes a while, and comes with its services.
    this.set(`${path}/blobServices/default`, { properties: {} });
    const operation = `${path.replace(/\/resourceGroups\/.*/i, "")}/providers/Microsoft.Storage/locations/x/asyncoperations/${this.operations.size}`;
    this.operations.set(operation.toLowerCase(), { asked: false, result: this.get(path) ?? {} });
    return { status: 202, headers: this.later(operation, url) };
  }

  private patch({ path, body }: Asked): Answer {
    const known = this.get(path);
    if (!known) throw notFound(path);
    mustHaveUniqueTags(body);
    const properties = {
      ...(known["properties"] as Resource | undefined),
      ...(body["properties"] as Resource | undefined),
    };
    this.set(path, { ...known, ...body, properties });
    return { status: 200, body: this.get(path) };
  }

  private remove({ path }: Asked): Answer {
    const key = path.toLowerCase();
    const lock = [...this.resources.keys()].find((id) => {
      const [, scope] = /^(.*)\/providers\/microsoft\.authorization\/locks\/[^/]+$/.exec(id) ?? [];
      return scope !== undefined && id !== key && (key === scope || key.startsWith(`${scope}/`));
    });
    if (lock !== undefined) throw new Refused({ status: 409, code: "ScopeLocked", message: `${path} is locked` });
    if (!this.resources.has(key)) return { status: 204 };
    for (const id of [...this.resources.keys()]) if (id === key || id.startsWith(`${key}/`)) this.resources.delete(id);
    return { status: 200 };
  }

  private later(operation: string, url: URL): Record<string, string> {
    return {
      location: `${this.endpoint}${operation}?api-version=${url.searchParams.get("api-version")}`,
      "retry-after": "0",
    };
  }

  private mustHold(path: string): void {
    if (!this.resources.has(path.toLowerCase())) throw notFound(path, "Parent");
  }

  /** A provider answers nothing, also no question, about a kind or in a version that it does not have, or before it is registered. */
  private mustBeKnown(path: string, { searchParams }: URL): void {
    const version = searchParams.get("api-version");
    if (version === null) throw new Refused({ status: 400, code: "MissingApiVersionParameter" });
    const kind = kindOf(path);
    const known = KINDS.find(([pattern]) => pattern.test(kind));
    if (!known)
      throw new Refused({
        status: 404,
        code: "InvalidResourceType",
        message: `The resource type '${kind}' could not be found.`,
      });
    if (known[1] !== version)
      throw new Refused({
        status: 400,
        code: "NoRegisteredProviderFound",
        message: `No registered resource provider found for API version '${version}' of '${kind}'.`,
      });
    const [namespace = "", ...kinds] = kind.split("/");
    if (kinds.length > 0 && kinds[0] !== "register" && this.unregistered.has(namespace))
      throw new Refused({
        status: 409,
        code: "MissingSubscriptionRegistration",
        message: `The subscription is not registered to use namespace '${namespace}'.`,
      });
  }

  private mustBeNew(path: string, body: Resource): void {
    const triple = (at: string, { properties }: Resource): string => {
      const { roleDefinitionId, principalId } = properties as { roleDefinitionId: string; principalId: string };
      return `${parentOf(at)} ${roleDefinitionId} ${principalId}`.toLowerCase();
    };
    for (const [id, known] of this.resources)
      if (isAssignment(id) && id !== path.toLowerCase() && triple(id, known) === triple(path, body))
        throw new Refused({
          status: 409,
          code: "RoleAssignmentExists",
          message: "The role assignment already exists.",
        });
  }
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly url: URL;
  readonly body: Resource;
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.code);
  }
}

const starts = (id: string, start: string): boolean => id.toLowerCase().startsWith(start.toLowerCase());
const isLock = (path: string): boolean => /\/locks\/[^/]+$/i.test(path);
const isAssignment = (path: string): boolean => /\/roleAssignments\/[^/]+$/i.test(path);

/** What a path is below: its resource group or resource, or the scope of an extension. */
function parentOf(path: string): string {
  const parts = path.split("/");
  const collection = parts.length % 2 === 0 ? parts : parts.slice(0, -1);
  const above = collection.slice(0, -1);
  return above.at(-2)?.toLowerCase() === "providers" ? above.slice(0, -2).join("/") : above.join("/");
}

/** `microsoft.compute/disks` of what a provider answers, in lower case; else the path itself. */
const kindOf = (path: string): string =>
  (/\/providers\/(microsoft\.features\/.*|(?!.*\/providers\/).+)/i.exec(path)?.[1] ?? path).toLowerCase();

/** Names of tags are the same in any case, their values are not. */
const hasTag = (tags: Readonly<Record<string, string>> = {}, name: string, value: string | undefined): boolean =>
  Object.entries(tags).some(([key, found]) => key.toLowerCase() === name.toLowerCase() && found === value);

function mustHaveUniqueTags({ tags }: Resource): void {
  const names = Object.keys(tags ?? {}).map((name) => name.toLowerCase());
  if (new Set(names).size < names.length)
    throw new Refused({ status: 400, code: "InvalidRequestContent", message: "Tags differ by case only." });
}

/** What a location has of a list that can be asked for one. */
function offered(items: readonly unknown[], { searchParams }: URL): readonly unknown[] {
  const [, location] = /^location eq '(.*)'$/.exec(searchParams.get("$filter") ?? "") ?? [];
  if (location === undefined) return items;
  return (items as { locationInfo?: { location: string }[] }[]).filter(({ locationInfo = [] }) =>
    locationInfo.some((one) => one.location === location),
  );
}

function typeOf(path: string): string {
  const parts = (path.split(/\/providers\//i).at(-1) ?? "").split("/");
  return [parts[0], ...parts.slice(1).filter((_, index) => index % 2 === 0)].join("/");
}

function notFound(path: string, of = ""): Refused {
  const group = /^(\/subscriptions\/[^/]+)(\/resourceGroups\/([^/]+))?$/i.exec(path);
  if (group && group[3] === undefined)
    return new Refused({
      status: 404,
      code: "SubscriptionNotFound",
      message: `The subscription ${path} could not be found.`,
    });
  if (group)
    return new Refused({
      status: 404,
      code: "ResourceGroupNotFound",
      message: `Resource group '${group[3]}' could not be found.`,
    });
  // Services of storage have codes of their own.
  if (/\/containers\/[^/]+$/i.test(path))
    return new Refused({ status: 404, code: "ContainerNotFound", message: "The specified container does not exist." });
  if (/\/managementPolicies\/[^/]+$/i.test(path))
    return new Refused({ status: 404, code: "ManagementPolicyNotFound", message: "No ManagementPolicy found." });
  return new Refused({ status: 404, code: `${of}ResourceNotFound`, message: `The Resource '${path}' was not found.` });
}
