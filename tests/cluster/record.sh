#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# record.sh KUBECONFIG DIRECTORY : records every list that an API server serves, as protobuf, JSON or Table and as kubectl
# prints it, for render_compare. Reads the certificates' paths from a kubeconfig with files in it. Needs curl, kubectl, python3.
set -euo pipefail
export KUBECONFIG=$1
out=$2
mkdir -p "$out"
server=$(kubectl config view --minify -o 'jsonpath={.clusters[0].cluster.server}')
ca=$(kubectl config view --minify -o 'jsonpath={.clusters[0].cluster.certificate-authority}')
cert=$(kubectl config view --minify -o 'jsonpath={.users[0].user.client-certificate}')
key=$(kubectl config view --minify -o 'jsonpath={.users[0].user.client-key}')
fetch() { curl -sS --fail --cacert "$ca" --cert "$cert" --key "$key" -H "Accept: $1" "$server$2"; }
kinds() { # path
  fetch application/json "$1" | python3 -c 'import json,sys
d = json.load(sys.stdin)
for r in d["resources"]:
    if "/" not in r["name"] and "list" in r["verbs"]: print(r["name"], str(r["namespaced"]).lower())'
}
record() { # path group version
  kinds "$1" | while read -r resource namespaced; do
    base="$out/$resource@$2@$3@$namespaced"
    # Custom resources have no protobuf.
    fetch application/vnd.kubernetes.protobuf "$1/$resource" >"$base.pb" 2>/dev/null || rm -f "$base.pb"
    fetch application/json "$1/$resource" >"$base.json"
    fetch 'application/json;as=Table;g=meta.k8s.io;v=v1' "$1/$resource" >"$base.table"
    scope=(); [ "$namespaced" = true ] && scope=(-A)
    kubectl get "$resource.$3.$2" "${scope[@]}" -o wide >"$base.txt" 2>/dev/null || rm -f "$base.txt"
    [ -s "$base.txt" ] || rm -f "$base.txt"
  done
}
record /api/v1 "" v1
fetch application/json /apis | python3 -c 'import json,sys
for g in json.load(sys.stdin)["groups"]:
    for v in g["versions"]: print(g["name"], v["version"])' | while read -r group version; do
  record "/apis/$group/$version" "$group" "$version"
done
