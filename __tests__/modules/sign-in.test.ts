/** Who signs in where, as the stacks say it. What Keycloak and Argo CD make of it, they are asked in .ci/realm and .ci/argocd. */
import { parse } from "yaml";
import { asObject, type Json, type SynthesizedStack } from "../../policies/plan/synthesized-stack";
import { platformOf, type Draft } from "../support/config";
import { dependenciesOf, differences, ofType, release, synth, valuesOf } from "../support/synth";

const STACK = "aws-platform";
const stackOf = (change?: (draft: Draft) => void): SynthesizedStack => synth(platformOf(change), STACK);

type Entry = Record<string, Json>;
const list = (value: Json | undefined): readonly Entry[] => value as unknown as readonly Entry[];
const objects = (stack: SynthesizedStack, name: string): readonly Entry[] => list(valuesOf(stack, name)["resources"]);
const named = (entries: readonly Entry[], kind: string, name: string): Entry => {
  const found = entries.find((entry) => entry["kind"] === kind && asObject(entry["metadata"])["name"] === name);
  if (!found) throw new Error(`no ${kind} ${name}`);
  return found;
};

interface Realm {
  readonly groups: readonly { readonly name: string; readonly clientRoles: Record<string, string[]> }[];
  readonly clients: readonly Entry[];
  readonly identityProviders: readonly Entry[];
  readonly identityProviderMappers: readonly Entry[];
}

function realmOf(stack: SynthesizedStack): Realm {
  const data = asObject(named(objects(stack, "keycloak-realm"), "ConfigMap", "keycloak-realm")["data"]);
  return JSON.parse((data["realm.json"] as string).replaceAll("$${", "${")) as Realm;
}

/** Environment of the Job that imports the realm. */
function importEnvironment(stack: SynthesizedStack): readonly Entry[] {
  const job = JSON.parse(JSON.stringify(named(objects(stack, "keycloak-realm"), "Job", "keycloak-realm"))) as {
    spec: { template: { spec: { containers: [{ env: Entry[] }] } } };
  };
  return job.spec.template.spec.containers[0].env;
}

const provider = {
  name: "entra",
  issuer: "https://login.example.com/tenant/v2.0",
  authorizationUrl: "https://login.example.com/tenant/authorize",
  tokenUrl: "https://login.example.com/tenant/token",
  jwksUrl: "https://login.example.com/tenant/keys",
  clientId: "stackyard",
  secret: "entra-client",
};

const plain = stackOf();

describe("the realm", () => {
  test("has the groups of the cluster's administrators and of the teams, with what they may do in each tool", () => {
    expect(realmOf(plain).groups).toEqual([
      { name: "admins", clientRoles: { gitea: ["admin"], grafana: ["admin"] } },
      { name: "web", clientRoles: { gitea: ["docs:view", "web:admin"], grafana: ["viewer"] } },
    ]);
  });

  test("calls groups as the sign-in system does", () => {
    const stack = stackOf((draft) => (draft.groups.web.sso = "storefront"));
    expect(realmOf(stack).groups.map(({ name }) => name)).toEqual(["admins", "storefront"]);
  });

  test("has no group that nobody's rights hang on", () => {
    const stack = stackOf((draft) => (draft.groups.idle = {}));
    expect(realmOf(stack).groups.map(({ name }) => name)).toEqual(["admins", "web"]);
  });

  test("loses a team's groups with the team, and nothing of another team changes", () => {
    const change = (draft: Draft): void => {
      draft.groups.shop = {
        aws: "arn:aws:iam::123456789012:role/Shop",
        azure: "33333333-3333-3333-3333-333333333333",
      };
      draft.teams.shop = { costCenter: "CC-9", groups: { edit: ["shop"] }, quota: { cpu: 1, memory: "1Gi" } };
    };
    const added = differences(plain, stackOf(change));
    expect(realmOf(stackOf(change)).groups.map(({ name }) => name)).toEqual(["admins", "shop", "web"]);
    expect(added.changed.filter((address) => address.includes("teams_"))).toEqual([]);
    expect(added.changed.filter((address) => address.includes("keycloak_realm"))).toHaveLength(1);
  });

  test("lets each client be called back by its own host only", () => {
    const redirects = realmOf(plain).clients.map(({ clientId, redirectUris }) => [clientId, redirectUris]);
    expect(redirects).toEqual([
      ["argocd", ["https://argocd.aws.acme.example/auth/callback"]],
      ["gitea", ["https://gitea.aws.acme.example/user/oauth2/keycloak/callback"]],
      ["grafana", ["https://grafana.aws.acme.example/login/generic_oauth"]],
      [
        "gateway",
        ["prometheus", "alertmanager", "kubecost"].map((host) => `https://${host}.aws.acme.example/oauth2/callback`),
      ],
      ["argocd-command", ["http://localhost:8085/auth/callback"]],
      ["kubernetes", ["http://localhost:8000", "http://localhost:18000"]],
    ]);
  });

  test("has no client of a component that is off", () => {
    const stack = stackOf((draft) => (draft.components = { "argo-cd": false, kubecost: false }));
    expect(realmOf(stack).clients.map(({ clientId }) => clientId)).toEqual([
      "gitea",
      "grafana",
      "gateway",
      "kubernetes",
    ]);
    expect(JSON.stringify(realmOf(stack))).not.toContain("kubecost");
  });

  test("holds no secret: the import takes each from the Secret that External Secrets generated", () => {
    const secrets = realmOf(plain).clients.flatMap(({ secret }) => secret ?? []);
    const environment = importEnvironment(plain);
    const generated = objects(plain, "keycloak-secrets").filter(({ kind }) => kind === "ExternalSecret");
    const names = generated.map(({ metadata }) => asObject(metadata)["name"]);
    expect(secrets).toHaveLength(4);
    for (const secret of secrets) {
      const variable = /^\$\(env:(\w+)\)$/.exec(secret as string)?.[1];
      const entry = environment.find(({ name }) => name === variable);
      expect(names).toContain(asObject(asObject(asObject(entry?.["valueFrom"] as Json)["secretKeyRef"]))["name"]);
    }
  });

  test("takes away what was made by hand: neither a cache nor the memory of earlier imports lets it stay", () => {
    expect(importEnvironment(plain)).toEqual(
      expect.arrayContaining([
        { name: "IMPORT_CACHE_ENABLED", value: "false" },
        { name: "IMPORT_REMOTESTATE_ENABLED", value: "false" },
      ]),
    );
  });
});

describe("the company's identity provider", () => {
  const stack = stackOf((draft) => {
    draft.signIn = { identityProvider: provider };
    draft.groups.web.claim = "11111111-2222-3333-4444-555555555555";
  });

  test("is brokered in, and its claim says who is in which group at every sign-in", () => {
    const { identityProviders, identityProviderMappers } = realmOf(stack);
    expect(identityProviders.map(({ alias, displayName }) => [alias, displayName])).toEqual([["entra", "entra"]]);
    expect(identityProviderMappers.map(({ config }) => config)).toEqual([
      {
        syncMode: "FORCE",
        claims: '[{"key":"groups","value":"admins"}]',
        "are.claim.values.regex": "false",
        group: "/admins",
      },
      {
        syncMode: "FORCE",
        claims: '[{"key":"groups","value":"11111111-2222-3333-4444-555555555555"}]',
        "are.claim.values.regex": "false",
        group: "/web",
      },
    ]);
  });

  test("has its client secret from the cluster's secret store", () => {
    const secret = named(objects(stack, "keycloak-realm"), "ExternalSecret", "identity-provider");
    expect(asObject(secret["spec"])).toMatchObject({
      secretStoreRef: { kind: "ClusterSecretStore", name: "platform" },
      data: [{ secretKey: "client-secret", remoteRef: { key: "entra-client" } }],
    });
    expect(importEnvironment(stack)).toContainEqual({
      name: "IDENTITY_PROVIDER_SECRET",
      valueFrom: { secretKeyRef: { name: "identity-provider", key: "client-secret" } },
    });
  });

  test.each([
    ["name", "other"],
    ["displayName", "Acme"],
    ["issuer", "https://other.example.com"],
    ["authorizationUrl", "https://other.example.com"],
    ["tokenUrl", "https://other.example.com"],
    ["jwksUrl", "https://other.example.com"],
    ["logoutUrl", "https://other.example.com"],
    ["clientId", "other"],
    ["secret", "other"],
    ["scopes", ["openid", "groups"]],
    ["groupsClaim", "roles"],
  ])("has its %s from the config", (field, value) => {
    const other = stackOf((draft) => {
      draft.signIn = { identityProvider: { ...provider, [field]: value } };
      draft.groups.web.claim = "11111111-2222-3333-4444-555555555555";
    });
    expect(differences(stack, other).changed).toEqual([release(stack, "keycloak-realm").address]);
  });

  test("goes from the realm when it goes from the config", () => {
    expect(realmOf(plain)).toMatchObject({ identityProviders: [], identityProviderMappers: [] });
  });
});

describe("secrets of clients", () => {
  test("are copied to the component's namespace alone, by an account that may read these Secrets only", () => {
    const secrets = objects(plain, "keycloak-secrets");
    const store = asObject(named(secrets, "ClusterSecretStore", "keycloak")["spec"]);
    expect(store["conditions"]).toEqual([{ namespaces: ["argocd", "gitea", "kubecost", "monitoring"] }]);
    expect(named(secrets, "Role", "shared-secrets")["rules"]).toEqual([
      {
        apiGroups: [""],
        resources: ["secrets"],
        resourceNames: ["client-argocd", "client-gitea", "client-grafana", "client-gateway"],
        verbs: ["get"],
      },
    ]);
    expect(named(secrets, "Role", "read-keycloak")["rules"]).toEqual([
      { apiGroups: [""], resources: ["serviceaccounts/token"], resourceNames: ["read-keycloak"], verbs: ["create"] },
    ]);
  });

  test("are generated once: a second password would lock everybody out", () => {
    const generated = objects(plain, "keycloak-secrets").filter(({ kind }) => kind === "ExternalSecret");
    expect(generated).toHaveLength(5);
    for (const { spec } of generated) expect(asObject(spec)["refreshPolicy"]).toBe("CreatedOnce");
  });
});

describe("what has no sign-in of its own", () => {
  test.each([
    ["kube-prometheus-stack-routes", "prometheus", "kube-prometheus-stack-prometheus", 9090],
    ["kube-prometheus-stack-routes", "alertmanager", "kube-prometheus-stack-alertmanager", 9093],
    ["kubecost-route", "kubecost", "kubecost-frontend", 9090],
  ])("%s: %s is behind the Gateway's, for administrators only", (name, host, service, port) => {
    const policies = objects(plain, `${name}-policies`);
    expect(asObject(named(objects(plain, name), "HTTPRoute", host)["spec"])).toMatchObject({
      hostnames: [`${host}.aws.acme.example`],
      rules: [{ backendRefs: [{ name: service, port }] }],
    });
    expect(asObject(named(policies, "SecurityPolicy", host)["spec"])).toMatchObject({
      targetRefs: [{ kind: "HTTPRoute", name: host }],
      oidc: { clientID: "gateway", clientSecret: { name: "gateway-sign-in" } },
      authorization: {
        defaultAction: "Deny",
        rules: [{ action: "Allow", principal: { jwt: { claims: [{ name: "groups", values: ["admins"] }] } } }],
      },
    });
  });

  test("is never open: the policies are there before the routes, and go after them", () => {
    for (const name of ["kube-prometheus-stack-routes", "kubecost-route"])
      expect(dependenciesOf(plain, release(plain, name).address)).toContain(release(plain, `${name}-policies`).address);
  });

  test("lets nobody through on a cluster without administrators", () => {
    const stack = synth(platformOf(), "local-platform");
    const policy = named(objects(stack, "kube-prometheus-stack-routes-policies"), "SecurityPolicy", "prometheus");
    expect(asObject(policy["spec"])["authorization"]).toEqual({ defaultAction: "Deny", rules: [] });
  });

  test("has no route without Keycloak", () => {
    const names = ofType(
      stackOf((draft) => (draft.components = { keycloak: false })),
      "helm_release",
    ).map(({ attributes }) => attributes["name"]);
    expect(names).toContain("kube-prometheus-stack");
    expect(names).not.toContain("kube-prometheus-stack-routes");
    expect(names).not.toContain("kubecost-route");
  });
});

describe("Argo CD", () => {
  const oidc = (stack: SynthesizedStack): Entry => {
    const configs = asObject(valuesOf(stack, "argo-cd")["configs"]);
    return parse(asObject(configs["cm"])["oidc.config"] as string) as Entry;
  };

  test("makes the cluster's administrators its own, and gives nobody else anything", () => {
    const rbac = asObject(asObject(valuesOf(plain, "argo-cd")["configs"])["rbac"]);
    expect(rbac).toEqual({ "policy.csv": "g, admins, role:admin\n" });
  });

  test("reads the client's secret from a Secret that it may read", () => {
    expect(oidc(plain)).toMatchObject({ clientID: "argocd", clientSecret: "$argocd-sign-in:client-secret" });
    const copy = named(objects(plain, "argo-cd-secrets"), "ExternalSecret", "argocd-sign-in");
    expect(asObject(asObject(asObject(copy["spec"])["target"])["template"])).toMatchObject({
      metadata: { labels: { "app.kubernetes.io/part-of": "argocd" } },
    });
  });

  test("trusts the cluster's own authority where no other signs", () => {
    expect(oidc(plain)["rootCA"]).toBeUndefined();
    const local = synth(platformOf(), "local-platform");
    expect(oidc(local)["rootCA"]).toBe("$argocd-authority:ca.crt");
    const copy = named(objects(local, "argo-cd-secrets"), "ExternalSecret", "argocd-authority");
    expect(asObject(asObject(asObject(copy["spec"])["target"])["template"])["data"]).toEqual({
      "ca.crt": '{{ index . "ca.crt" }}',
    });
  });

  test("has a project for each team: its namespaces, its organisation, its groups", () => {
    const project = asObject(valuesOf(plain, "team-web")["appProject"]);
    expect(project["spec"]).toMatchObject({
      sourceRepos: ["https://gitea.aws.acme.example/web/*"],
      destinations: [
        { server: "https://kubernetes.default.svc", namespace: "team-web" },
        { server: "https://acme-dev.vcluster-acme-dev:443", namespace: "team-web" },
      ],
      clusterResourceWhitelist: [],
      roles: [{ name: "admin", groups: ["web"] }],
    });
  });

  test("delivers for a team nothing that would reach beyond it: no limits, no roles, no requests to operators", () => {
    const spec = asObject(asObject(valuesOf(plain, "team-web")["appProject"])["spec"]);
    const groups = list(spec["namespaceResourceWhitelist"]).map(({ group }) => group);
    expect([...new Set(groups)]).toEqual(["", "apps", "autoscaling", "batch", "gateway.networking.k8s.io", "policy"]);
    expect(JSON.stringify(spec["namespaceResourceWhitelist"])).not.toMatch(/ResourceQuota|LimitRange|Role|Endpoint/);
  });

  test("is there before the projects, and goes after them", () => {
    const team = release(plain, "team-web");
    expect(dependenciesOf(plain, team.address)).toContain(release(plain, "argo-cd").address);
    const off = stackOf((draft) => (draft.components = { "argo-cd": false }));
    expect(valuesOf(off, "team-web")["appProject"]).toBeUndefined();
  });
});

describe("Gitea", () => {
  test("follows the realm's roles: administrators, and each team's organisation", () => {
    const gitea = asObject(valuesOf(plain, "gitea")["gitea"]);
    expect(list(gitea["oauth"])[0]).toMatchObject({
      name: "keycloak",
      groupClaimName: "roles",
      adminGroup: "admin",
      autoDiscoverUrl: "http://keycloak-keycloakx-http.keycloak/realms/platform/.well-known/openid-configuration",
    });
    expect(JSON.parse(list(gitea["oauth"])[0]?.["groupTeamMap"] as string)).toEqual({
      "docs:admin": { docs: ["Owners"] },
      "docs:edit": { docs: ["Developers"] },
      "docs:view": { docs: ["Readers"] },
      "web:admin": { web: ["Owners"] },
      "web:edit": { web: ["Developers"] },
      "web:view": { web: ["Readers"] },
    });
  });
});

test("everything that people sign in to comes after the realm", () => {
  const realm = release(plain, "keycloak-realm").address;
  for (const name of ["argo-cd", "gitea", "kube-prometheus-stack", "kubecost-route"])
    expect([...dependenciesOf(plain, release(plain, name).address)]).toContain(realm);
});
