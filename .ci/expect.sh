# For scripts that ask a real API server: what must be answered, and how often it was not, in $problems.
problems=0
expect() { # what, pattern, command...: the command's output must match, soon: admission and RBAC read labels and roles from a cache
  local what=$1 pattern=$2 output; shift 2
  for _ in 1 2 3 4 5 6; do
    output=$("$@" 2>&1 || true)
    if grep -qE "$pattern" <<<"$output"; then echo "ok $what"; return; fi
    sleep 1
  done
  echo "WRONG $what: $output"; problems=$((problems + 1))
}
