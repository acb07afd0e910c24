import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { DnsProvider } from "./cluster";
import { componentNamespace, componentRelease, type ComponentProps } from "./component";

export interface ExternalDnsProps extends ComponentProps {
  readonly records: NonNullable<DnsProvider["records"]>;
}

/** Writes the records of the gateway's routes into the cluster's zone, and removes them with the routes. */
export class ExternalDns extends Construct {
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ExternalDnsProps) {
    super(scope, id);
    const { cluster, records } = props;
    const namespace = componentNamespace(this, props, "external-dns");
    const identity = cluster.identityFor({ namespace: namespace.name, name: "external-dns" }, "dns-records");
    const file = records.configFile;
    const config =
      file &&
      new ConfigMapV1(this, "config", {
        metadata: { name: "external-dns", namespace: namespace.name },
        data: { [file.name]: file.content },
        dependsOn: [namespace.resource],
      });
    const release = componentRelease(this, {
      ...props,
      component: "external-dns",
      namespace,
      // Its one CRD, DNSEndpoint, is for a source of records that is off.
      skipCrds: true,
      computed: {
        ...records.values,
        domainFilters: [cluster.dns.domain],
        txtOwnerId: cluster.name,
        podLabels: identity.podLabels,
        serviceAccount: { name: "external-dns", annotations: identity.serviceAccountAnnotations },
        ...(config && {
          extraVolumes: [{ name: "provider", configMap: { name: "external-dns" } }],
          extraVolumeMounts: [{ name: "provider", mountPath: "/etc/kubernetes", readOnly: true }],
        }),
      },
      dependsOn: [...identity.ready, ...(config ? [config] : []), ...(props.dependsOn ?? [])],
    });
    this.ready = [release.resource];
  }
}
