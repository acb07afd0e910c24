/**
 * What the storage account that holds the state must be like. Preflight looks, bootstrap makes. No lock: it would keep nobody from
 * deleting blobs, but everybody from taking a role on them back. https://github.com/hashicorp/terraform-provider-azurerm/issues/11770
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import { OperationError } from "../../operations";
import { API_VERSIONS } from "./api-versions";
import { az } from "./az";
import type { AzureClients } from "./clients";
import { isCode } from "./errors";
import type { Identity } from "./identity";
import { inside } from "./rest-api";
import { accountShape, type StatePlace } from "./storage-account";
import { tagOf, withTags, type Tags } from "./tags";

/** One property of the account. */
export interface Aspect {
  readonly what: string;
  /** A state should not lie in an account without it. */
  readonly essential: boolean;
  /** Whether setting it changes everything in the account, and not the state's container alone. */
  readonly shared: boolean;
  readonly isSo: () => Promise<boolean>;
  /** Sets it, and leaves what others have set beside it. */
  readonly make: () => Promise<void>;
}

/** Days for which an overwritten or deleted state can be brought back. */
const KEPT_DAYS = 90;

/** Of the account itself; one that is made has them from the start, because policies may deny one that has not. */
export const ACCOUNT_PROPERTIES = {
  minimumTlsVersion: "TLS1_2",
  supportsHttpsTrafficOnly: true,
  allowSharedKeyAccess: false,
  allowBlobPublicAccess: false,
  defaultToOAuthAuthentication: true,
  allowCrossTenantReplication: false,
} as const;

/** https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/storage */
const DATA_CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";
const DATA_OWNER = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b";

/** @param tags of the account; those of one that others made are theirs */
export function aspects(
  clients: AzureClients,
  place: StatePlace,
  identity: Identity,
  tags: NonNullable<Tags>,
): readonly Aspect[] {
  const { resourceManager } = clients;
  const apiVersion = API_VERSIONS.storage;
  const account = async () => resourceManager.get({ path: place.account, apiVersion }, accountShape);
  const setAccount = async (properties: Partial<typeof ACCOUNT_PROPERTIES>): Promise<void> =>
    resourceManager.patch({ path: place.account, apiVersion, body: { properties } });

  const blobs = { path: `${place.account}/blobServices/default`, apiVersion };
  const service = async () => (await resourceManager.get(blobs, serviceShape)).properties;
  // With all that it has: what is left out, such as CORS rules, is removed.
  const setService = async (properties: object): Promise<void> =>
    resourceManager.put({ ...blobs, body: { properties: { ...(await service()), ...properties } } });

  const policy = { path: `${place.account}/managementPolicies/default`, apiVersion };
  const rules = async () => (await resourceManager.find(policy, policyShape))?.properties.policy.rules ?? [];
  const expiry = expiryOf(place.container.split("/").at(-1) ?? "");

  const container = { path: place.container, apiVersion };
  return [
    {
      what: "no public access",
      essential: true,
      shared: true,
      // What was never said is false on new accounts, and true on old ones.
      isSo: async () => (await account()).properties.allowBlobPublicAccess === false,
      make: () => setAccount({ allowBlobPublicAccess: false }),
    },
    {
      what: "access by Entra sign-in only, never by the account's keys",
      essential: false,
      shared: true,
      isSo: async () => (await account()).properties.allowSharedKeyAccess === false,
      make: () => setAccount({ allowSharedKeyAccess: false }),
    },
    {
      what: "HTTPS only, with TLS 1.2 or newer",
      essential: false,
      shared: true,
      isSo: async () => {
        const { supportsHttpsTrafficOnly, minimumTlsVersion } = (await account()).properties;
        return supportsHttpsTrafficOnly === true && ["TLS1_2", "TLS1_3"].includes(minimumTlsVersion ?? "");
      },
      make: async () => {
        const { minimumTlsVersion } = (await account()).properties;
        await setAccount({
          supportsHttpsTrafficOnly: true,
          ...(minimumTlsVersion !== "TLS1_3" && { minimumTlsVersion: "TLS1_2" }),
        });
      },
    },
    {
      what: "versioning",
      essential: true,
      shared: true,
      isSo: async () => (await service()).isVersioningEnabled === true,
      make: () => setService({ isVersioningEnabled: true }),
    },
    {
      what: `deleted states and containers can be brought back for ${KEPT_DAYS} days`,
      essential: false,
      shared: true,
      isSo: async () => {
        const { deleteRetentionPolicy, containerDeleteRetentionPolicy } = await service();
        return isKept(deleteRetentionPolicy) && isKept(containerDeleteRetentionPolicy);
      },
      make: async () => {
        const found = await service();
        const kept = (policy: Retention) => (isKept(policy) ? policy : { ...policy, enabled: true, days: KEPT_DAYS });
        await setService({
          deleteRetentionPolicy: kept(found.deleteRetentionPolicy),
          containerDeleteRetentionPolicy: kept(found.containerDeleteRetentionPolicy),
        });
      },
    },
    {
      what: `old versions expire after ${KEPT_DAYS} days`,
      essential: false,
      shared: false,
      isSo: async () =>
        (await rules()).some(
          ({ name, enabled, definition }) =>
            name === expiry.name &&
            enabled !== false &&
            definition?.actions?.version?.delete?.daysAfterCreationGreaterThan === KEPT_DAYS,
        ),
      make: async () => {
        const others = (await rules()).filter(({ name }) => name !== expiry.name);
        await resourceManager.put({ ...policy, body: { properties: { policy: { rules: [...others, expiry] } } } });
      },
    },
    {
      what: "tags",
      essential: false,
      shared: true,
      isSo: async () => {
        const found = (await account()).tags;
        return Object.entries(tags).every(([name, value]) => tagOf(found, name) === value);
      },
      make: async () =>
        resourceManager.patch({
          path: place.account,
          apiVersion,
          body: { tags: withTags((await account()).tags, tags) },
        }),
    },
    {
      what: `the container ${place.container.split("/").at(-1) ?? ""}`,
      essential: true,
      shared: false,
      isSo: async () => (await resourceManager.find(container, z.object({}))) !== undefined,
      make: () => resourceManager.put({ ...container, body: { properties: { publicAccess: "None" } } }),
    },
    dataRole(clients, place, identity),
  ];
}

/** The role that lets the caller write states. Also an owner of the subscription may not read or write blobs without it, and Terraform signs in as nobody else. */
export function dataRole(
  { resourceManager }: AzureClients,
  place: StatePlace,
  { principal, kind, name }: Identity,
): Aspect {
  const apiVersion = API_VERSIONS.roleAssignments;
  const assignments = `${place.container}/providers/Microsoft.Authorization/roleAssignments`;
  return {
    what: `the role Storage Blob Data Contributor on the container, for ${name}`,
    essential: true,
    shared: false,
    // Also by a group, and on what the container is in.
    isSo: async () => {
      const request = { path: assignments, apiVersion, query: { $filter: `assignedTo('${principal}')` } };
      const found = await inside(resourceManager.list(request, assignmentShape));
      return found.some(
        ({ properties: { scope, roleDefinitionId } }) =>
          `${place.container}/`.toLowerCase().startsWith(`${scope}/`.toLowerCase()) &&
          [DATA_CONTRIBUTOR, DATA_OWNER].includes(roleDefinitionId.split("/").at(-1)?.toLowerCase() ?? ""),
      );
    },
    make: async () => {
      const roleDefinitionId = `${place.subscription}/providers/Microsoft.Authorization/roleDefinitions/${DATA_CONTRIBUTOR}`;
      try {
        await resourceManager.put({
          path: `${assignments}/${assignmentName(place.container, principal, DATA_CONTRIBUTOR)}`,
          apiVersion,
          body: { properties: { roleDefinitionId, principalId: principal, principalType: kind } },
        });
      } catch (error) {
        // Somebody made it under another name, and the list does not know yet.
        if (isCode(error, "RoleAssignmentExists")) return;
        if (!isCode(error, "AuthorizationFailed")) throw error;
        const command = az({ subscription: place.subscription.split("/").at(-1) ?? "" }, "role assignment create", {
          role: "Storage Blob Data Contributor",
          "assignee-object-id": principal,
          "assignee-principal-type": kind,
          scope: place.container,
        });
        throw new OperationError(
          `you may not assign roles on the container, and nobody reads or writes a state in it without one; everything else is there. Have an owner run: ${command}`,
        );
      }
    },
  };
}

/** Assignments are named by UUIDs that whoever makes them chooses: one that follows from what it says is found again. */
export function assignmentName(scope: string, principal: string, role: string): string {
  // A UUID of version 5 in the name space of URLs: https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-5
  const namespace = Buffer.from("6ba7b8119dad11d180b400c04fd430c8", "hex");
  const hash = createHash("sha1").update(namespace).update([scope, principal, role].join("|").toLowerCase()).digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  return hash.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
}

/**
 * The age of a version counts from when it was written, so the last one of a state that rested for longer goes on the day after it is
 * overwritten: that it can be brought back for 90 days more is what the retention of deleted blobs is for.
 * https://learn.microsoft.com/azure/storage/blobs/lifecycle-management-policy-structure
 */
const expiryOf = (container: string) => ({
  name: `stackyard-state-${container}`,
  enabled: true,
  type: "Lifecycle",
  definition: {
    actions: { version: { delete: { daysAfterCreationGreaterThan: KEPT_DAYS } } },
    filters: { blobTypes: ["blockBlob"], prefixMatch: [`${container}/`] },
  },
});

const retention = z.looseObject({ enabled: z.boolean().nullish(), days: z.number().nullish() }).nullish();
type Retention = z.output<typeof retention>;
const isKept = (policy: Retention): boolean => policy?.enabled === true && (policy.days ?? 0) >= KEPT_DAYS;

const serviceShape = z.object({
  properties: z.looseObject({
    isVersioningEnabled: z.boolean().nullish(),
    deleteRetentionPolicy: retention,
    containerDeleteRetentionPolicy: retention,
  }),
});

const definitionShape = z.looseObject({
  actions: z
    .looseObject({
      version: z
        .looseObject({ delete: z.looseObject({ daysAfterCreationGreaterThan: z.number().nullish() }).nullish() })
        .nullish(),
    })
    .nullish(),
});

const policyShape = z.object({
  properties: z.object({
    policy: z.object({
      rules: z.array(
        z.looseObject({ name: z.string(), enabled: z.boolean().nullish(), definition: definitionShape.nullish() }),
      ),
    }),
  }),
});

const assignmentShape = z.object({ properties: z.object({ scope: z.string(), roleDefinitionId: z.string() }) });
