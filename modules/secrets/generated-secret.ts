import type { KubernetesObject } from "../helm/resources";

/** The ClusterGenerator that External Secrets makes passwords with. */
export const PASSWORD_GENERATOR = "password";

/** 32 letters and digits: about 190 bits, and nothing that a shell, a URL or a configuration file would read as something else. */
export const passwordGenerator: KubernetesObject = {
  apiVersion: "generators.external-secrets.io/v1alpha1",
  kind: "ClusterGenerator",
  metadata: { name: PASSWORD_GENERATOR },
  spec: {
    kind: "Password",
    generator: { passwordSpec: { length: 32, digits: 8, symbols: 0, noUpper: false, allowRepeat: true } },
  },
};

export interface GeneratedSecretProps {
  /** Name of the Secret, and of the ExternalSecret that makes it; both are in the namespace of the release. */
  readonly name: string;
  /** Keys of the Secret; `{{ .password }}` stands for the generated text. @default { password: "{{ .password }}" } */
  readonly data?: Readonly<Record<string, string>>;
}

/**
 * A Secret whose password External Secrets makes up in the cluster, once: it is in no config, plan or state. It goes with its
 * release; a new one has another password. https://external-secrets.io/latest/api/externalsecret/#refresh-policy
 */
export function generatedSecret(props: GeneratedSecretProps): KubernetesObject {
  const { name, data = { password: "{{ .password }}" } } = props;
  return {
    apiVersion: "external-secrets.io/v1",
    kind: "ExternalSecret",
    metadata: { name },
    spec: {
      refreshPolicy: "CreatedOnce",
      target: { name, creationPolicy: "Owner", template: { data } },
      dataFrom: [
        {
          sourceRef: {
            generatorRef: {
              apiVersion: passwordGenerator.apiVersion,
              kind: passwordGenerator.kind,
              name: PASSWORD_GENERATOR,
            },
          },
        },
      ],
    },
  };
}
