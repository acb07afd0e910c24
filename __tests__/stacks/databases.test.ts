/** Where the data of Keycloak, Gitea and the environments is kept, on each kind of cluster. */
import type { Platform } from "../../config/platform";
import { asList, asObject, asText } from "../../policies/plan/synthesized-stack";
import { platformOf, type Draft } from "../support/config";
import { dependenciesOf, ofType, release, synth, valuesOf } from "../support/synth";

const on = (kind: string, platform: Platform) => synth(platform, `${kind}-platform`);
const withProfile = (kind: string, profile: string): Platform =>
  platformOf((d) => {
    d.clusters[`${kind}-platform`].profile = profile;
    d.environments.dev.preset = "prod";
  });
const production = {
  aws: on("aws", withProfile("aws", "production")),
  azure: on("azure", withProfile("azure", "production")),
};
const small = on("aws", withProfile("aws", "small"));
const local = on("local", platformOf());

/** The AWS cluster alone, with Keycloak's database as the config says. */
const withDatabase = (database: Draft) =>
  on(
    "aws",
    platformOf((d) => {
      d.clusters = { "aws-platform": d.clusters["aws-platform"] };
      d.components = {
        gitea: false,
        "barman-cloud": !database.external,
        "cloudnative-pg": !database.external,
        keycloak: { database },
      };
    }),
  );

describe("backups", () => {
  test("on AWS go into a folder of the namespace, with the rights of the database's service account", () => {
    expect(valuesOf(production.aws, "keycloak-db")).toMatchObject({
      archive: "keycloak-db",
      objectStore: {
        configuration: {
          destinationPath: expect.stringMatching(/^s3:\/\/acme-aws-platform-backups-.*\/keycloak$/) as string,
          s3Credentials: { inheritFromIAMRole: true },
        },
      },
    });
  });

  test("on Azure as well, and pods carry what AKS gives them a token for", () => {
    expect(valuesOf(production.azure, "gitea-db")).toMatchObject({
      objectStore: {
        configuration: {
          destinationPath: expect.stringMatching(
            /^https:\/\/acmeazurepbackup[0-9a-f]{8}\.blob\.core\.windows\.net\/backups\/gitea$/,
          ) as string,
          azureCredentials: { inheritFromAzureAD: true },
        },
      },
      identity: { labels: { "azure.workload.identity/use": "true" } },
    });
  });

  test("a role on AWS reaches the objects of one folder, and no other action than these", () => {
    const document = Object.values(asObject(asObject(production.aws.json["data"])["aws_iam_policy_document"]))
      .map(asObject)
      .find((candidate) =>
        asText(asObject(asObject(candidate["//"])["metadata"])["path"]).includes(
          "keycloak-keycloak-db/role/write-backups",
        ),
      );
    expect(
      asList(document?.["statement"])
        .map(asObject)
        .map(({ actions, resources }) => ({ actions, resources })),
    ).toEqual([
      { actions: ["s3:ListBucket"], resources: [expect.stringMatching(/:s3:::acme-aws-platform-backups-[^/]*$/)] },
      {
        actions: ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject", "s3:PutObjectTagging"],
        resources: [expect.stringMatching(/:s3:::acme-aws-platform-backups-.*\/keycloak\/\*$/)],
      },
    ]);
  });

  test("there are none without a store, nor the plugin, and the database comes up all the same", () => {
    expect(valuesOf(local, "keycloak-db")).not.toHaveProperty("objectStore");
    expect(() => release(local, "barman-cloud")).toThrow("no release barman-cloud");
  });

  test("the plugin and the bucket outlive the database", () => {
    const upstream = dependenciesOf(production.aws, release(production.aws, "keycloak-db").address);
    expect([...upstream]).toEqual(
      expect.arrayContaining([
        release(production.aws, "barman-cloud").address,
        ...["aws_s3_bucket", "aws_s3_bucket_policy"].flatMap((type) =>
          ofType(production.aws, type).map(({ address }) => address),
        ),
      ]),
    );
  });

  test("a protected cluster keeps them, another takes them along", () => {
    const [kept] = ofType(production.aws, "aws_s3_bucket");
    expect(kept?.attributes).toMatchObject({ force_destroy: false, lifecycle: { prevent_destroy: true } });
    const [gone] = ofType(on("aws", platformOf()), "aws_s3_bucket");
    expect(gone?.attributes).toMatchObject({ force_destroy: true });
    expect(gone?.attributes).not.toHaveProperty("lifecycle");
    expect(ofType(production.azure, "azurerm_storage_account")[0]?.attributes).toMatchObject({
      shared_access_key_enabled: false,
      public_network_access_enabled: false,
      lifecycle: { prevent_destroy: true },
    });
  });

  test("the store is made only where the plugin writes into it", () => {
    const without = on(
      "azure",
      platformOf((d) => (d.components = { "barman-cloud": false })),
    );
    expect(ofType(without, "azurerm_storage_account")).toEqual([]);
    expect(valuesOf(without, "keycloak-db")).not.toHaveProperty("objectStore");
  });
});

describe("a database", () => {
  test("has a standby on another node in production, and backups for a month", () => {
    expect(valuesOf(production.aws, "keycloak-db")).toMatchObject({
      instances: 2,
      affinity: { podAntiAffinityType: "required" },
      backup: { retention: "30d" },
    });
    expect(valuesOf(small, "keycloak-db")).toMatchObject({ instances: 1, backup: { retention: "7d" } });
  });

  test("begins with the data of another folder, and writes into its own", () => {
    const stack = withDatabase({
      archive: "keycloak-db-2",
      restore: { archive: "keycloak-db", until: "2026-11-21T03:00:00Z" },
    });
    expect(valuesOf(stack, "keycloak-db")).toMatchObject({
      archive: "keycloak-db-2",
      restore: { archive: "keycloak-db", until: "2026-11-21T03:00:00Z" },
    });
  });

  test("of somebody else needs no operator, and its password comes from the secret store", () => {
    const stack = withDatabase({
      external: { host: "db.acme.example", name: "sso", username: "keycloak", secret: "keycloak-database" },
    });
    expect(() => release(stack, "cloudnative-pg")).toThrow("no release cloudnative-pg");
    expect(valuesOf(stack, "keycloak")).toMatchObject({
      database: {
        hostname: "db.acme.example",
        port: 5432,
        database: "sso",
        username: "keycloak",
        existingSecret: "keycloak-database",
      },
      extraEnv: expect.stringContaining("sslmode=verify-full") as string,
    });
    expect(valuesOf(stack, "keycloak-database")["resources"]).toMatchObject([
      { kind: "ExternalSecret", spec: { data: [{ secretKey: "password", remoteRef: { key: "keycloak-database" } }] } },
    ]);
    const namespace = ofType(stack, "kubernetes_namespace_v1").find(({ path }) => path.includes("/keycloak/"));
    expect(JSON.stringify(namespace?.attributes)).toContain('"stackyard.dev/platform-secrets":"true"');
  });

  test("of somebody else may have another port, and no authority that Java knows", () => {
    const stack = withDatabase({
      external: { host: "db.acme.example", port: 6432, name: "sso", username: "u", secret: "s", sslMode: "require" },
    });
    expect(valuesOf(stack, "keycloak")).toMatchObject({ database: { port: 6432, username: "u" } });
    expect(valuesOf(stack, "keycloak")["extraEnv"]).not.toContain("sslmode");
  });
});

describe("Gitea", () => {
  test("keeps sessions, cache and queue in Valkey in production, and its password out of the values", () => {
    const { gitea } = valuesOf(production.aws, "gitea");
    expect(gitea).toMatchObject({
      config: { session: { PROVIDER: "redis" }, cache: { ADAPTER: "redis" }, queue: { TYPE: "redis" } },
    });
    const variables = asList(asObject(gitea)["additionalConfigFromEnvs"]).map(asObject);
    expect(variables.map(({ name }) => name)).toEqual([
      "GITEA__METRICS__TOKEN",
      "GITEA__DATABASE__PASSWD",
      "GITEA__CACHE__HOST",
      "GITEA__SESSION__PROVIDER_CONFIG",
      "GITEA__QUEUE__CONN_STR",
    ]);
    for (const variable of variables) expect(Object.keys(variable)).toEqual(["name", "valueFrom"]);
    expect(valuesOf(production.aws, "gitea-valkey")).toMatchObject({ auth: { usersExistingSecret: "gitea-valkey" } });
  });

  test("has none on a small cluster", () => {
    expect(() => release(small, "gitea-valkey")).toThrow("no release gitea-valkey");
    expect(valuesOf(small, "gitea")).toMatchObject({ gitea: { config: { session: { PROVIDER: "db" } } } });
  });
});

describe("an environment on etcd", () => {
  const jobs = asList(valuesOf(production.aws, "etcd-snapshots")["resources"]).map(asObject);
  const [job] = jobs;
  const text = JSON.stringify(job);

  test("is saved by the names that the virtual cluster gives its Secret, its keys and its Service", () => {
    expect(jobs.map((object) => asObject(object["metadata"])["name"])).toEqual(
      ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map((day) => `etcd-snapshots-${day}`),
    );
    expect(text).toContain('"secretName":"acme-dev-certs"');
    expect(text).toContain(
      '["etcdctl","--endpoints=https://acme-dev-etcd:2379","--cacert=/certs/etcd-ca.crt","--cert=/certs/apiserver-etcd-client.crt","--key=/certs/apiserver-etcd-client.key","snapshot","save","/snapshots/mon.db"]',
    );
  });

  test("is saved by pods that the strictest Pod Security Standard admits", () => {
    const pod = asObject(
      asObject(asObject(asObject(asObject(job?.["spec"])["jobTemplate"])["spec"])["template"])["spec"],
    );
    expect(pod["securityContext"]).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
    for (const container of [...asList(pod["initContainers"]), ...asList(pod["containers"])].map(asObject))
      expect(container["securityContext"]).toMatchObject({
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
      });
  });

  test("has room for the job in its quota", () => {
    const [quota] = ofType(production.aws, "kubernetes_resource_quota_v1").filter(({ path }) =>
      path.includes("/environment-quotas/"),
    );
    // Two API servers, three members, two resolvers, one more of each, the two jobs, and the team's 2 cores.
    expect(asObject(asObject(quota?.attributes["spec"])["hard"])["requests.cpu"]).toBe(
      `${3 * 500 + 4 * 200 + 3 * 20 + 50 + 50 + 2000}m`,
    );
  });

  test("waits for no volume: its class binds one when the first pod comes", () => {
    const [claim] = ofType(production.aws, "kubernetes_persistent_volume_claim_v1");
    expect(claim?.attributes).toMatchObject({ wait_until_bound: false });
  });
});

describe("snapshots of volumes", () => {
  test("are of Gitea's repositories and of what each environment knows", () => {
    const map = asList(valuesOf(production.azure, "volume-snapshots")["resources"])
      .map(asObject)
      .find(({ kind }) => kind === "ConfigMap");
    const { items } = JSON.parse(asText(asObject(map?.["data"])["mon.json"])) as { items: Draft[] };
    expect(
      items.map(({ metadata, spec }) => [metadata.namespace, metadata.name, spec.source.persistentVolumeClaimName]),
    ).toEqual([
      ["gitea", "gitea-shared-storage-mon", "gitea-shared-storage"],
      ["vcluster-acme-dev", "etcd-snapshots-mon", "etcd-snapshots"],
    ]);
    for (const { spec } of items) expect(spec.volumeSnapshotClassName).toBe("azure-disk");
  });

  test("are there only where the cluster has a class for them", () => {
    expect(() => release(local, "volume-snapshots")).toThrow("no release volume-snapshots");
  });
});
