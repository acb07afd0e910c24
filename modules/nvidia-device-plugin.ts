import { Construct } from "constructs";
import { componentNamespace, componentRelease, type ComponentProps } from "./component";

/** The NVIDIA device plugin, on nodes with GPUs: without it Kubernetes does not know that they have any. */
export class NvidiaDevicePlugin extends Construct {
  constructor(scope: Construct, id: string, props: ComponentProps) {
    super(scope, id);
    // It talks to the kubelet over a socket in the host's file system, which "baseline" refuses: a namespace with nothing else in it.
    const namespace = componentNamespace(this, props, "nvidia-device-plugin", { podSecurity: "privileged" });
    // Its CRDs are for feature discovery, which is off.
    componentRelease(this, { ...props, component: "nvidia-device-plugin", namespace, skipCrds: true });
  }
}
