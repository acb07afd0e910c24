import { stacksOf } from "../config/layers";
import type { Cluster, Platform } from "../config/platform";
import type { SynthesizedStack } from "../policies/plan/synthesized-stack";
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
  if (cluster.kind === "local")
    throw new UsageError(`clusters.${name} is of the kind "local", which has one stack and no layers`);
  if (cluster.layout === "single")
    throw new UsageError(
      `clusters.${name} is one stack; set layout: "layered" in the config first, and deploy nothing`,
    );
  const layers = synthesizeInPassing(
    platform,
    stacksOf(cluster).map((stack) => stack.name),
  );
  return script(cluster, layers, backendOfOne(platform, cluster));
}

/** The `terraform` block of the one stack, whose backend has the state that is there. */
function backendOfOne(platform: Platform, cluster: Exclude<Cluster, { kind: "local" }>): string {
  const single = { ...cluster, layout: "single" as const };
  const clusters = platform.clusters.map((other) => (other === cluster ? single : other));
  const [one] = synthesizeInPassing({ ...platform, clusters }, [cluster.name]);
  return JSON.stringify({ terraform: { backend: one?.backend ?? {} } });
}

function script(cluster: Cluster, layers: readonly SynthesizedStack[], backend: string): string {
  const { name } = cluster;
  const stacks = layers.map((layer) => layer.name);
  // The layer of the cluster's own name keeps what is left, and with it the outputs, which no command moves.
  const moves = layers
    .filter((layer) => layer.name !== name)
    .map(
      (layer) =>
        `move ${layer.name} <<'ADDRESSES'\n${layer.resources
          .map(({ address }) => address)
          .sort()
          .join("\n")}\nADDRESSES`,
    );
  return `#!/usr/bin/env bash
# Moves the state of the one stack ${name} into those of ${stacks.join(", ")}. Nothing in the cloud changes.
# Before: \`npx cdktf synth\` with layout: "layered" in the config, and nobody else deploys. Run it where cdktf.json is. It may be run
# again, after a failure as well: what is moved already is left alone. After: \`npx cdktf diff\` of each stack shows no change.
set -euo pipefail
umask 077
stacks=$PWD/cdktf.out/stacks
work=$PWD/stackyard-layout/${name}/$(date +%Y%m%d-%H%M%S)
one=$stacks/${name}.one
mkdir -p "$work" "$one"
cat >"$one/backend.tf.json" <<'BACKEND'
${backend}
BACKEND

terraform -chdir="$one" init -input=false -reconfigure >/dev/null
for stack in ${stacks.join(" ")}; do
  terraform -chdir="$stacks/$stack" init -input=false >/dev/null
done
cd "$work"
terraform -chdir="$one" state pull >one.tfstate
[ -s one.tfstate ] || { echo "${name} has no state as one stack: there is nothing to move"; exit 0; }
cp one.tfstate before.tfstate
terraform state list -state=one.tfstate >there
[ -s there ] || { echo "nothing to move: the state of ${name} as one stack is empty"; exit 0; }

move() { # stack: moves the addresses on standard input into its state, and out of that of the one stack
  local own= state=$1.tfstate
  terraform -chdir="$stacks/$1" state pull >"$state"
  if [ -s "$state" ]; then terraform state list -state="$state" >already; else rm "$state"; : >already; fi
  while read -r address; do
    grep -qxF "$address" there || continue
    # From a run that failed later: its layer has it, and the state of the one stack must forget it.
    if grep -qxF "$address" already; then
      terraform state rm -state=one.tfstate -backup=last.backup "$address" >/dev/null
      continue
    fi
    own=1
    terraform state mv -state=one.tfstate -state-out="$state" -backup=last.backup -backup-out=last.backup \\
      "$address" "$address" >/dev/null
  done
  [ -z "$own" ] || terraform -chdir="$stacks/$1" state push "$work/$state"
}

${moves.join("\n\n")}

# What is left is the layer ${name}: it takes the rest of the state, its outputs too.
terraform -chdir="$stacks/${name}" state pull >already
[ -s already ] || terraform -chdir="$stacks/${name}" state push "$work/one.tfstate"
# Last, so that a failure before it leaves everything in the one state.
terraform state list -state=one.tfstate >rest
xargs terraform state rm -state=one.tfstate -backup=last.backup <rest >/dev/null
terraform -chdir="$one" state push "$work/one.tfstate"
rm -rf last.backup "$one"
echo "moved; the state as it was is in $work/before.tfstate"
echo "check with: npx cdktf diff ${stacks.join(", then ")}"
`;
}
