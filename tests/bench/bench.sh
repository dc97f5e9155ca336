#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Watchkeeper against curl, kubectl and client-go's informer on the same real control plane in the same run; then decoding and
# the cockpit under churn. Writes build/bench/results.json and a table; says which target was missed.
# PODS (10000), ROUNDS (5) and PORT (17900) may be set.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
root=$PWD
bin=$root/build/release/bin
out=$root/build/bench
pods=${PODS:-10000} rounds=${ROUNDS:-5} port=${PORT:-17900}
die() { echo "bench: $*" >&2; exit 1; }
shared=$(cd .. && pwd)/shared/kubernetes
[[ -x $shared/control-plane && -x $shared/populate ]] || die "this needs ../shared/kubernetes (control-plane, populate, informer-bench)"
mkdir -p "$out"; rm -f "$out"/*.jsonl "$out"/results.json
dir=$(mktemp -d)
children=()
# shellcheck source=app/demo/changes.sh
source app/demo/changes.sh
end() {
  trap - EXIT
  "$shared/control-plane" stop --dir "$dir" >/dev/null 2>&1 || true
  for _ in {1..50}; do curl -sk "https://127.0.0.1:$port/" >/dev/null 2>&1 || break; sleep 0.1; done
  for child in "${children[@]}"; do kill "$child" 2>/dev/null || true; wait "$child" 2>/dev/null || true; done
  rm -rf "$dir" "${demo_store:-/nonexistent}"
}
trap end EXIT
trap 'exit 130' INT TERM
export PATH="$root/build/tools:$PATH"

echo "== control plane with $pods pods (this takes about two minutes)"
"$shared/control-plane" start --dir "$dir" --port "$port" --nodes 1 >/dev/null
config=$dir/kubeconfig
export KUBECONFIG=$config HOME=$dir
"$shared/populate" --kubeconfig "$config" pods "$pods" 2>/dev/null
kubectl get pods -A --no-headers 2>/dev/null | wc -l >/dev/null
informer=$(find "${KUBEBUILDER_ASSETS:-/nonexistent}" "${XDG_CACHE_HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)/.cache}" \
  -maxdepth 2 -name informer-bench -type f 2>/dev/null | head -n 1 || true)

demo_store_start "$out"
python3 tests/bench/measure.py --out "$out" --bin "$bin" --config "$config" --dir "$dir" --port "$port" --rounds "$rounds" \
  --pods "$pods" --informer "$informer" --populate "$shared/populate" --decode "$root/build/release/tests/bin/bench_decode" \
  --table "$root/build/release/tests/bin/bench_table" --changes "$root/build/release/tests/bin/bench_changes" \
  --monitoring "$root/build/release/tests/bin/bench_monitoring" --overview "$root/build/release/tests/bin/bench_overview" \
  --logs "$root/build/release/tests/bin/bench_logs" --search "$root/build/release/tests/bin/bench_search" --store "$(demo_store_uri PERSON)"
