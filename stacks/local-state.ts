import { LocalBackend, type TerraformStack } from "cdktf";

/** State in a file beside cdktf.json, for a trial; the path is relative to the stack's folder in cdktf.out, where Terraform runs. */
export function localState(stack: TerraformStack, state: string): void {
  new LocalBackend(stack, { path: `../../../terraform.${state}.tfstate` });
}
