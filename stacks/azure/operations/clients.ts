/** Clients of Azure's APIs, loaded when they are first asked: `npm start` and Terraform never need them. */
import type { TokenCredential } from "@azure/identity";
import { OperationError } from "../../operations";
import { findCredential } from "./credential";
import { restApi, type RestApi } from "./rest-api";

export interface AzureClients {
  /** Azure Resource Manager: paths begin with `/subscriptions/…`. https://learn.microsoft.com/rest/api/resources */
  readonly resourceManager: RestApi;
  /** Microsoft Graph: paths begin with `/me`, `/groups`… https://learn.microsoft.com/graph/api/overview */
  readonly graph: RestApi;
  /** The secrets in a vault, by its name: paths begin with `/secrets/`. https://learn.microsoft.com/rest/api/keyvault/secrets */
  readonly keyVault: (vault: string) => RestApi;
  /** A token of Azure Resource Manager, whose claims say who is signed in. */
  readonly token: () => Promise<string>;
  /** Waits before something is asked again. */
  readonly pause: (seconds: number) => Promise<void>;
}

/** What a test has in the place of Azure's public cloud. */
export interface AzurePlaces {
  readonly resourceManager: string;
  readonly graph: string;
  /** @default - the vault's own address */
  readonly keyVault?: string;
  readonly credential: TokenCredential;
  readonly pause: AzureClients["pause"];
}

const RESOURCE_MANAGER = "https://management.azure.com";
const GRAPH = "https://graph.microsoft.com";

/** Clients for the tenant of a subscription, with the credentials that Terraform finds. */
export function azureClients(subscription: string, places?: AzurePlaces): AzureClients {
  // eslint-disable-next-line no-restricted-properties -- what Terraform's provider reads; no synth loads this file
  const credential = once(() => places?.credential ?? findCredential(identity(), subscription, process.env));
  const tokens = (audience: string) =>
    once(async () => (await credential().getToken(`${audience}/.default`))?.token ?? "");
  const token = tokens(RESOURCE_MANAGER);
  return {
    resourceManager: restApi(places?.resourceManager ?? RESOURCE_MANAGER, token, pipeline),
    graph: restApi(places?.graph ?? `${GRAPH}/v1.0`, tokens(GRAPH), pipeline),
    keyVault: (vault) =>
      restApi(places?.keyVault ?? `https://${vault}.vault.azure.net`, tokens("https://vault.azure.net"), pipeline),
    token,
    pause: places?.pause ?? pause,
  };
}

/* eslint-disable @typescript-eslint/no-require-imports -- see above: loaded at first use */
const identity = () =>
  installed("@azure/identity", () => require("@azure/identity") as typeof import("@azure/identity"));
const pipeline = () =>
  installed(
    "@azure-rest/core-client",
    () => require("@azure-rest/core-client") as typeof import("@azure-rest/core-client"),
  );

/** @throws OperationError when the package is not installed: whoever only synthesizes does not need it. */
function installed<Module>(name: string, load: () => Module): Module {
  try {
    return load();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND")) throw error;
    throw new OperationError(
      `this command needs the package ${name}, which is not installed; npm install --save-dev @azure-rest/core-client @azure/identity`,
    );
  }
}

const pause = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
