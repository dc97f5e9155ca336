# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# The demo's change requests, sourced by `run`: a team's store with a person for each role, one request that was filed,
# approved and carried out against the simulated fleet, and two that wait for the person at the keyboard. Everything is
# said with watchkeeperctl, as a team would. Needs: die, say, children.

demo_ctl() { # demo_ctl PERSON ARGUMENT...
  local person=$1; shift
  build/release/bin/watchkeeperctl --kubeconfig "$demo_fleet/kubeconfig" --store "$(demo_store_uri "$person")" "$@"
}
demo_store_uri() { printf 'postgresql://%s@/watchkeeper?host=%s\n' "$1" "${demo_store//\//%2F}"; }

demo_store_start() { # a PostgreSQL server for as long as this script runs; sets demo_store, the directory of its socket
  local programs user=()
  programs=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
  [[ -x $programs/postgres ]] || programs=$(pg_config --bindir 2>/dev/null || true)
  [[ -x $programs/postgres ]] || die "PostgreSQL's server programs (initdb, postgres) were not found"
  demo_store=$(mktemp -d)
  # PostgreSQL refuses to run as root.
  if ((EUID == 0)); then user=(setpriv --reuid postgres --regid postgres --init-groups); chown postgres: "$demo_store"; fi
  "${user[@]}" "$programs/initdb" -D "$demo_store/data" -U postgres -A trust --no-sync -E UTF8 --locale=C.UTF-8 >"$1/store.log" 2>&1 ||
    { cat "$1/store.log" >&2; die "the demo's store could not be made"; }
  (cd "$demo_store" && exec "${user[@]}" "$programs/postgres" -D data -k "$demo_store" -c listen_addresses= -c fsync=off -c dynamic_shared_memory_type=mmap) \
    >>"$1/store.log" 2>&1 </dev/null &
  children+=("$!")
  for _ in {1..100}; do
    [[ -S $demo_store/.s.PGSQL.5432 ]] && "$programs/pg_isready" -q -h "$demo_store" && return 0
    kill -0 "${children[-1]}" 2>/dev/null || break
    sleep 0.1
  done
  cat "$1/store.log" >&2
  die "the demo's store did not start"
}

demo_number() { sed -n 's/^ *"number": \([0-9]*\),*$/\1/p'; }
demo_hash() { sed -n 's/^ *"sha256": "\([0-9a-f]*\)",*$/\1/p'; }

demo_changes() { # demo_changes DIR: needs DIR/fleet/kubeconfig; sets WATCHKEEPER_STORE to the store as the person sees it
  local filed number hash
  demo_fleet=$1/fleet
  demo_store_start "$1"
  {
    demo_ctl postgres store init
    demo_ctl postgres store grant anna operator
    demo_ctl postgres store grant tom tech-lead
    demo_ctl postgres store grant sue security
    demo_ctl postgres store grant olaf operations
    demo_ctl postgres store grant vera viewer
    demo_ctl postgres store grant you tech-lead operator
  } >"$1/store.txt" || die "the demo's store could not be prepared"

  say "anna asks for more streaming servers; tom and olaf approve; it is carried out"
  filed=$(demo_ctl anna change new --platform streamgate --template horizontal-scaling workload=streamgate/Deployment/streaming replicas=6 \
    --why "Saturday evening: the streaming servers used 92 % of the processors they asked for." --submit -o json)
  number=$(demo_number <<<"$filed") hash=$(demo_hash <<<"$filed")
  demo_ctl tom change approve "$number" --sha256 "$hash" --comment "The nodes have room." >/dev/null
  demo_ctl olaf change approve "$number" --sha256 "$hash" --comment "Go ahead, before eight." >/dev/null
  demo_ctl anna change execute "$number"
  demo_ctl anna change close "$number" --note "Six of six are ready; the load fell to 74 %."

  say "two requests wait for you, a tech lead"
  filed=$(demo_ctl anna change new --platform tchat --template autoscaler workload=tchat/Deployment/messaging-service least=3 most=16 \
    --why "Saturday's peak reached the limit of 12 replicas." --submit -o json)
  demo_ctl olaf change approve "$(demo_number <<<"$filed")" --sha256 "$(demo_hash <<<"$filed")" --comment "Within the quota." >/dev/null
  demo_ctl anna change new --platform stratmaster --template rolling-restart workload=stratmaster-production/Deployment/stratmaster-api \
    --why "The pods hold connections to the database's old address." --submit >/dev/null
  demo_ctl you change list
  WATCHKEEPER_STORE=$(demo_store_uri you)
  export WATCHKEEPER_STORE
}

