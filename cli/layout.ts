import { stacksOf } from "../config/layers";
import type { Platform } from "../config/platform";
import { synthesizeInPassing } from "./synthesize";
import { UsageError } from "./usage-error";

/**
 * A shell script that moves the state of a cluster's one stack into its layers. Nothing in the cloud changes: addresses are the same
 * in both layouts.
 *
 * @throws UsageError when the cluster has no layers, or its config does not ask for them.
 */
export function layoutScript(platform: Platform, name: string): string {
  const cluster = platform.clusters.find((candidate) => candidate.name === name);
  if (!cluster)
    throw new UsageError(
      `the config has no cluster "${name}"; it has: ${platform.clusters.map((known) => known.name).join(", ")}`,
    );
  const stacks = stacksOf(cluster).map((stack) => stack.name);
  if (stacks.length === 1)
    throw new UsageError(
      `clusters.${name} is one stack; set layout: "layered" in the config first, where the kind of cluster has layers`,
    );
  const moved = addressesOf(platform, stacks).filter(({ stack }) => stack !== name);
  return script(name, stacks, moved);
}

interface Addresses {
  readonly stack: string;
  readonly addresses: readonly string[];
}

function addressesOf(platform: Platform, stacks: readonly string[]): readonly Addresses[] {
  return synthesizeInPassing(platform, stacks).map(({ name, resources }) => ({
    stack: name,
    addresses: resources.map(({ address }) => address).sort(),
  }));
}

function script(name: string, stacks: readonly string[], moved: readonly Addresses[]): string {
  return `#!/usr/bin/env bash
# Moves the state of the one stack ${name} into ${stacks.join(", ")}. Nothing in the cloud changes.
# Before: \`npx cdktf synth\` with layout: "layered" in the config, and nobody else deploys. Run it where cdktf.json is; a second
# run finds nothing to move. Copies of the states stay in stackyard-layout/. After: \`npx cdktf diff\` of each stack shows no change.
set -euo pipefail
stacks=$PWD/cdktf.out/stacks
work=$PWD/stackyard-layout
mkdir -p "$work"

for stack in ${stacks.join(" ")}; do
  terraform -chdir="$stacks/$stack" init -input=false >/dev/null
done
cd "$work"
terraform -chdir="$stacks/${name}" state pull >whole.tfstate
[ -e before.tfstate ] || cp whole.tfstate before.tfstate
terraform state list -state=whole.tfstate >there

moved=
move() { # stack: moves the addresses on standard input into its state
  local own=
  while read -r address; do
    grep -qxF "$address" there || continue
    terraform state mv -state=whole.tfstate -state-out="$1.tfstate" -backup=last.backup -backup-out=last.backup \\
      "$address" "$address" >/dev/null
    own=1 moved=1
  done
  [ -z "$own" ] || terraform -chdir="$stacks/$1" state push "$work/$1.tfstate"
}

${moved.map(({ stack, addresses }) => `move ${stack} <<'ADDRESSES'\n${addresses.join("\n")}\nADDRESSES\n`).join("\n")}
[ -n "$moved" ] || { echo "nothing to move: what the other layers own is not in the state of ${name}"; exit 0; }
# Last, so that a failure before it leaves everything in the one state.
terraform -chdir="$stacks/${name}" state push "$work/whole.tfstate"
echo "moved; check with: npx cdktf diff ${stacks.join(", then ")}"
`;
}
