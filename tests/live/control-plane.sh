#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A real Kubernetes control plane on loopback for the live tests: etcd, kube-apiserver and, where the binaries are there,
# kube-controller-manager, kube-scheduler and hollow nodes (kubemark: real kubelet code without containers).
#
#   control-plane.sh check     says which binaries would be used; exit code 1 and the reason where there are none
#   control-plane.sh run DIR PORT NODES
#       starts on PORT (API), PORT+1, PORT+2 (etcd) and PORT+100… (nodes); prints "ready FEATURES", then obeys one command
#       a line from standard input and answers "ok" or "failed: why":
#         stop | kill | start | pause | resume   the API server (pause: it holds its connections and says nothing)
#         start --watch-cache=false              the same with a flag
#         compact                                etcd forgets every revision but the present one
#       The end of standard input ends everything, so that nothing outlives a test that crashed.
#
# Binaries: $KUBEBUILDER_ASSETS, else ../shared/kubernetes beside the repository (unpacked to the user's cache once).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
shared=$(cd "$root/.." && pwd)/shared/kubernetes

find_assets() { # sets assets, or prints why there are none
  assets=${KUBEBUILDER_ASSETS:-}
  if [[ -n $assets ]]; then
    [[ -x $assets/kube-apiserver ]] && return 0
    echo "\$KUBEBUILDER_ASSETS ($assets) holds no kube-apiserver"; return 1
  fi
  archive=$(find "$shared" -maxdepth 1 -name 'kubernetes-*.tar.xz' 2>/dev/null | sort | tail -n 1 || true)
  if [[ -z $archive ]]; then
    echo "\$KUBEBUILDER_ASSETS is not set and there is no ../shared/kubernetes beside the repository"; return 1
  fi
  assets=$(basename "$archive" .tar.xz)
  assets=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/$assets
}

unpack() {
  [[ -x $assets/kube-apiserver ]] && return 0
  local part
  mkdir -p "$(dirname "$assets")"
  part=$(mktemp -d "$assets.XXXXXX")
  tar -xJf "$archive" -C "$part"
  mv -T "$part" "$assets" 2>/dev/null || rm -rf "$part" # another run was faster
  [[ -x $assets/kube-apiserver ]]
}

find_etcd() {
  local candidate
  for candidate in "$assets/etcd" "$root/build/tools/etcd" "$(command -v etcd || true)"; do
    if [[ -x $candidate ]]; then etcd=$candidate; return 0; fi
  done
  echo "there is no etcd (Debian: etcd-server)"; return 1
}

case ${1:-} in
  check) find_assets; echo "$assets"; exit 0;;
  run) dir=$2; port=$3; nodes=$4;;
  *) sed -n '3,17p' "${BASH_SOURCE[0]}" | sed 's/^# \{0,1\}//'; exit 2;;
esac
find_assets; unpack; find_etcd
mkdir -p "$dir"; cd "$dir"
etcd_url=http://127.0.0.1:$((port + 1))
declare -A pids=()

# Whether a program's help names a word. Not by a pipe into grep -q: that one leaves at the first match, and with pipefail
# the program's SIGPIPE then reads as "no", now and then.
knows() { [[ $("$2" --help 2>&1) == *"$1"* ]]; } # knows WORD PROGRAM

die_with_parent=()
if command -v setpriv >/dev/null && knows pdeathsig setpriv; then die_with_parent=(setpriv --pdeathsig KILL); fi
launch() { # launch NAME COMMAND…
  local name=$1; shift
  "${die_with_parent[@]}" "$@" >>"$name.log" 2>&1 </dev/null &
  pids[$name]=$!
}
end_all() {
  trap - EXIT INT TERM HUP
  local name
  for name in "${!pids[@]}"; do kill -KILL "${pids[$name]}" 2>/dev/null || true; done
  wait 2>/dev/null || true
}
trap end_all EXIT
trap 'exit 1' INT TERM HUP

wait_for() { # wait_for SECONDS COMMAND…
  local until=$((SECONDS + $1)); shift
  until "$@" >/dev/null 2>&1; do ((SECONDS < until)) || return 1; sleep 0.1; done
}
give_up() { echo "failed: $1; the last lines of $dir/$2.log: $(tail -n 3 "$2.log" | tr '\n' ' ')"; exit 1; }

make_certificates() {
  openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=test-ca -keyout ca.key -out ca.crt 2>/dev/null
  sign server /CN=kube-apiserver "subjectAltName=DNS:localhost,DNS:kubernetes,IP:127.0.0.1,IP:10.0.0.1"
  sign admin /O=system:masters/CN=admin extendedKeyUsage=clientAuth
  openssl genrsa -out sa.key 2048 2>/dev/null
  printf '%s\n' 'operator-token,operator,operator-uid' 'viewer-token,viewer,viewer-uid' 'limited-token,limited,limited-uid' \
    'root-token,root,root-uid,system:masters' >tokens.csv
}
sign() { # sign NAME SUBJECT EXTENSIONS
  openssl req -newkey rsa:2048 -nodes -subj "$2" -keyout "$1.key" -out "$1.csr" 2>/dev/null
  openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -out "$1.crt" -extfile <(echo "$3") 2>/dev/null
}

start_etcd() {
  local durability=()
  # Tests need no durability; etcd before 3.5 does not know the flag.
  if knows unsafe-no-fsync "$etcd"; then durability=(--unsafe-no-fsync); fi
  launch etcd "$etcd" --name test --data-dir "$dir/etcd" "${durability[@]}" \
    --listen-client-urls "$etcd_url" --advertise-client-urls "$etcd_url" \
    --listen-peer-urls "http://127.0.0.1:$((port + 2))" --initial-advertise-peer-urls "http://127.0.0.1:$((port + 2))" \
    --initial-cluster "test=http://127.0.0.1:$((port + 2))" --quota-backend-bytes 4294967296
  wait_for 30 curl -fs "$etcd_url/health" || give_up "etcd did not start" etcd
}

api_ready() { curl -fsk --max-time 2 --cert admin.crt --key admin.key "https://127.0.0.1:$port/readyz"; }
start_api() { # start_api [FLAG…]
  launch kube-apiserver "$assets/kube-apiserver" --etcd-servers "$etcd_url" --bind-address 127.0.0.1 --secure-port "$port" \
    --tls-cert-file server.crt --tls-private-key-file server.key --client-ca-file ca.crt --token-auth-file tokens.csv \
    --endpoint-reconciler-type none --service-account-issuer https://kubernetes.default.svc \
    --service-account-signing-key-file sa.key --service-account-key-file sa.key --service-cluster-ip-range 10.0.0.0/16 \
    --authorization-mode RBAC --disable-admission-plugins ServiceAccount --allow-privileged \
    --max-requests-inflight 2000 --max-mutating-requests-inflight 1000 "$@"
  wait_for 60 api_ready
}

write_kubeconfig() {
  cat >kubeconfig <<YAML
apiVersion: v1
kind: Config
current-context: admin
clusters:
- {name: test, cluster: {server: "https://127.0.0.1:$port", certificate-authority: "$dir/ca.crt"}}
users:
- {name: admin, user: {client-certificate: "$dir/admin.crt", client-key: "$dir/admin.key"}}
- {name: operator, user: {token: operator-token}}
- {name: viewer, user: {token: viewer-token}}
- {name: limited, user: {token: limited-token}}
- {name: root, user: {token: root-token}}
contexts:
- {name: admin, context: {cluster: test, user: admin}}
- {name: operator, context: {cluster: test, user: operator}}
- {name: viewer, context: {cluster: test, user: viewer}}
- {name: limited, context: {cluster: test, user: limited}}
- {name: root, context: {cluster: test, user: root}}
YAML
}
k() { kubectl --kubeconfig "$dir/kubeconfig" "$@"; }

start_controllers() {
  local no_insecure_port=()
  # Up to 1.23 both also listen on a fixed port without TLS, which a second control plane on this machine would want too.
  if knows '--port int' "$assets/kube-scheduler"; then no_insecure_port=(--port 0); fi
  launch kube-controller-manager "$assets/kube-controller-manager" --kubeconfig kubeconfig --authentication-kubeconfig kubeconfig \
    --authorization-kubeconfig kubeconfig --bind-address 127.0.0.1 --secure-port 0 --leader-elect=false \
    --service-account-private-key-file sa.key --root-ca-file ca.crt --kube-api-qps 500 --kube-api-burst 1000 \
    "${no_insecure_port[@]}"
  launch kube-scheduler "$assets/kube-scheduler" --kubeconfig kubeconfig --authentication-kubeconfig kubeconfig \
    --authorization-kubeconfig kubeconfig --bind-address 127.0.0.1 --secure-port 0 --leader-elect=false \
    "${no_insecure_port[@]}"
  # The roles that come with Kubernetes are empty until a controller has put them together.
  wait_for 60 roles_filled || give_up "the roles edit and view stayed empty" kube-controller-manager
}
roles_filled() {
  k auth can-i patch deployments.apps --as operator -n default && k auth can-i list pods --as viewer -n default
}
start_node() { # start_node N
  TMPDIR=$dir launch "hollow-node-$1" "$assets/kubemark" --morph=kubelet --name "hollow-node-$1" --kubeconfig kubeconfig \
    --kubelet-port $((port + 100 + 2 * $1)) --kubelet-read-only-port $((port + 101 + 2 * $1)) --v=0
}
node_ready() { k get node "hollow-node-$1" --no-headers 2>/dev/null | grep -qw Ready; }
start_nodes() {
  # One after the other: kubemark's containers all answer at /tmp/kubelet_remote.sock, which the last to start takes over. Two kubelets
  # that reach the same one kill each other's pods; who is ready has its connection and keeps it. And a kubelet that started in the
  # API server's first second may miss its answer and then say nothing for minutes: it is started anew.
  local n attempt
  for ((n = 0; n < nodes; n++)); do
    for attempt in 1 2 3; do
      start_node "$n"
      wait_for 40 node_ready "$n" && break
      ((attempt < 3)) || give_up "hollow-node-$n did not become ready" "hollow-node-$n"
      kill -KILL "${pids[hollow-node-$n]}" 2>/dev/null || true
      wait "${pids[hollow-node-$n]}" 2>/dev/null || true
    done
  done
}

[[ -f ca.crt ]] || make_certificates
start_etcd
start_api || give_up "kube-apiserver did not become ready" kube-apiserver
write_kubeconfig
wait_for 20 k get clusterrole view || give_up "the default roles did not appear" kube-apiserver
k create clusterrolebinding operator --clusterrole=edit --user=operator >/dev/null
k create clusterrolebinding viewer --clusterrole=view --user=viewer >/dev/null
k create clusterrole limited --verb=get,list,watch --resource=pods,services >/dev/null
k create clusterrolebinding limited --clusterrole=limited --user=limited >/dev/null
features=""
if [[ -x $assets/kube-controller-manager && -x $assets/kube-scheduler ]]; then start_controllers; features+=" controllers"; fi
if [[ -x $assets/kubemark ]] && ((nodes)); then start_nodes; features+=" nodes"; fi
echo "ready$features"

api_flags=()
end_api() { # end_api SIGNAL
  kill -CONT "${pids[kube-apiserver]}" 2>/dev/null || true
  kill "-$1" "${pids[kube-apiserver]}" 2>/dev/null || true
  wait "${pids[kube-apiserver]}" 2>/dev/null || true
}
compact() {
  local revision
  revision=$(curl -fs "$etcd_url/v3/kv/range" -d '{"key":"AA==","range_end":"AA==","limit":1,"count_only":true}' \
    | sed -n 's/.*"revision":"\([0-9]*\)".*/\1/p')
  [[ -n $revision ]] && curl -fs "$etcd_url/v3/kv/compaction" -d "{\"revision\":$revision,\"physical\":true}" >/dev/null
}
while read -r command arguments; do
  read -ra api_flags <<<"$arguments"
  case $command in
    stop) end_api TERM; echo ok;;
    kill) end_api KILL; echo ok;;
    start) if start_api "${api_flags[@]}"; then echo ok; else echo "failed: kube-apiserver did not become ready"; fi;;
    pause) kill -STOP "${pids[kube-apiserver]}" && echo ok;;
    resume) kill -CONT "${pids[kube-apiserver]}" && echo ok;;
    compact) if compact; then echo ok; else echo "failed: etcd did not compact"; fi;;
    *) echo "failed: unknown command $command";;
  esac
done
