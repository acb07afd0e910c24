/** Let's Encrypt. */
const SERVER = "https://acme-v02.api.letsencrypt.org/directory";

/** `spec` of a ClusterIssuer that proves its right to a domain by a DNS record: https://cert-manager.io/docs/configuration/acme/dns01/ */
export function acmeIssuer(email: string, dns01: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return {
    acme: { server: SERVER, email, privateKeySecretRef: { name: "platform-acme-account" }, solvers: [{ dns01 }] },
  };
}
