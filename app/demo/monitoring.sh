# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# The demo's monitoring, sourced by `run`: for each simulated cluster a real Prometheus, with eight weeks of history, and a
# real Alertmanager; in the first one this computer's node exporter, too. All listen on loopback alone, run as nobody where
# this is root, and end with this script. The fleet's API servers pass the service monitoring/prometheus on to them, so the
# cockpit finds them as it finds any. Needs: die, say, children, tool_of.

demo_days=56

free_ports() { # free_ports N: prints N ports of loopback that nobody listens on
  local port found=0
  while ((found < $1)); do
    port=$((20000 + RANDOM % 12000))
    if ! (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then echo "$port"; found=$((found + 1)); fi
  done
}

demo_unprivileged() { # demo_unprivileged LOG COMMAND...: in the background, until this script ends
  local log=$1 user=(); shift
  if ((EUID == 0)); then user=(setpriv --reuid nobody --regid "$(id -g nobody)" --clear-groups); fi
  (cd "$demo_metrics" && exec "${user[@]}" "$@") >"$log" 2>&1 </dev/null &
  children+=("$!")
}

# Debian's Alertmanager reads its templates from one place only, which its package would make. A copy of the program gets
# another place, written with as many letters.
demo_alertmanager() {
  local built=/usr/share/prometheus/alertmanager place=$demo_metrics program
  program=$(tool_of prometheus-alertmanager)
  if [[ -e $built/default.tmpl ]]; then cp "$program" "$demo_metrics/alertmanager"; return; fi
  ((${#place} <= ${#built})) || die "the directory for temporary files has too long a name: $demo_metrics"
  while ((${#place} < ${#built})); do place+=/; done
  sed "s,$built,$place,g" "$program" >"$demo_metrics/alertmanager"
  cp build/tools/monitoring/default.tmpl build/tools/monitoring/email.tmpl "$demo_metrics/"
}

demo_configure() { # demo_configure PLATFORM PROMETHEUS-PORT ALERTMANAGER-PORT EXPORTER-PORT NODE-EXPORTER-PORT
  local dir=$demo_metrics/$1
  build/release/bin/watchkeeperctl platform rules "$1" >"$dir/rules.yml" 2>"$dir/rules.log" || { cat "$dir/rules.log" >&2; die "no rules for $1"; }
  cat >"$dir/prometheus.yml" <<TEXT
global: {scrape_interval: 15s, evaluation_interval: 15s}
rule_files: [rules.yml]
alerting:
  alertmanagers: [{static_configs: [{targets: ["127.0.0.1:$3"]}]}]
scrape_configs:
  - job_name: fleet
    http_sd_configs: [{url: "http://127.0.0.1:$4/sd", refresh_interval: 10s}]
TEXT
  [[ -z $5 ]] || cat >>"$dir/prometheus.yml" <<TEXT
  - job_name: this-computer
    static_configs: [{targets: ["127.0.0.1:$5"], labels: {instance: "this-computer:9100"}}]
TEXT
  cat >"$dir/alertmanager.yml" <<TEXT
route:
  receiver: team
  group_by: [alertname, service]
  group_wait: 5s
  group_interval: 30s
  routes: [{matchers: ['severity="critical"'], receiver: on-call}]
receivers: [{name: team}, {name: on-call}]
TEXT
}

demo_history() { # demo_history PLATFORM...: blocks out of what the fleet wrote, two platforms at a time
  local platform pids=()
  for platform in "$@"; do
    "$(tool_of promtool)" tsdb create-blocks-from openmetrics --max-block-duration=2000h "$demo_fleet/past/$platform.om" \
      "$demo_metrics/$platform/data" >"$demo_metrics/$platform/history.log" 2>&1 </dev/null &
    pids+=("$!")
    if ((${#pids[@]} == 2)); then wait "${pids[0]}" || die "the history of a platform could not be written"; pids=("${pids[1]}"); fi
  done
  for platform in "${pids[@]}"; do wait "$platform" || die "the history of a platform could not be written"; done
  for platform in "$@"; do rm -f "$demo_fleet/past/$platform.om"; done
}

demo_since() { # demo_since PLATFORM: what the fleet has shown since, so that there is no hole before the first scrape
  local file=$demo_metrics/$1/since.om
  { cat "$demo_fleet/past/$1-since.om"; echo "# EOF"; } >"$file"
  "$(tool_of promtool)" tsdb create-blocks-from openmetrics "$file" "$demo_metrics/$1/data" >"$demo_metrics/$1/since.log" 2>&1 ||
    { tail -n 5 "$demo_metrics/$1/since.log" >&2; die "the history of $1 could not be written"; }
  rm -f "$file"
}

demo_await() { # demo_await URL LOG: until it answers
  for _ in {1..150}; do
    (exec 3<>"/dev/tcp/127.0.0.1/$1" && printf 'GET /-/ready HTTP/1.0\r\n\r\n' >&3 && read -r line <&3 && [[ $line == *" 200 "* ]]) 2>/dev/null && return 0
    sleep 0.2
  done
  tail -n 20 "$2" >&2
  die "what should listen on port $1 did not start"
}

demo_post() { # demo_post ADMIN-PORT PATH: a command to the fleet
  (exec 3<>"/dev/tcp/127.0.0.1/$1" && printf 'POST %s HTTP/1.0\r\nContent-Length: 0\r\n\r\n' "$2" >&3 && read -r line <&3 && [[ $line == *" 200 "* ]]) ||
    die "the fleet did not take $2"
}

demo_monitoring() { # demo_monitoring DIR: needs DIR/fleet of a fleet that was started with --past; sets demo_metrics
  local ports admin node="" platform exporter i=0 platforms=() exporters=()
  demo_fleet=$1/fleet
  demo_metrics=$(mktemp -d)
  chmod 755 "$demo_metrics"
  # The fleet writes its kubeconfig first.
  for _ in {1..100}; do [[ -s $demo_fleet/fleet.json ]] && break; sleep 0.1; done
  while read -r platform exporter; do platforms+=("$platform"); exporters+=("$exporter"); done < <(demo_clusters)
  admin=$(sed -n 's/.*"admin": \([0-9]*\).*/\1/p' "$demo_fleet/fleet.json")
  ((${#platforms[@]})) || die "the fleet does not say where its figures are ($demo_fleet/fleet.json)"
  say "writing $((demo_days / 7)) weeks of history for ${#platforms[@]} platforms"
  for platform in "${platforms[@]}"; do mkdir -p "$demo_metrics/$platform/data" "$demo_metrics/$platform/alerts"; done
  demo_history "${platforms[@]}"
  mapfile -t ports < <(free_ports $((2 * ${#platforms[@]} + 1)))
  cp "$(tool_of prometheus)" "$demo_metrics/prometheus"
  demo_alertmanager
  if tool_of prometheus-node-exporter >/dev/null; then
    cp "$(tool_of prometheus-node-exporter)" "$demo_metrics/node-exporter"; node=${ports[-1]}
  fi
  for platform in "${platforms[@]}"; do
    demo_configure "$platform" "${ports[2 * i]}" "${ports[2 * i + 1]}" "${exporters[i]}" "$( ((i > 0)) || echo "$node")"
    i=$((i + 1))
  done
  chmod 755 "$demo_metrics/prometheus" "$demo_metrics/alertmanager"
  for platform in "${platforms[@]}"; do demo_since "$platform"; done
  ((EUID != 0)) || chown -R "nobody:$(id -g nobody)" "$demo_metrics"
  [[ -z $node ]] || demo_unprivileged "$1/node-exporter.log" ./node-exporter --web.listen-address="127.0.0.1:$node"
  say "starting Prometheus and Alertmanager for each"
  for i in "${!platforms[@]}"; do
    platform=${platforms[i]}
    demo_unprivileged "$1/alertmanager-$platform.log" ./alertmanager --config.file="$platform/alertmanager.yml" \
      --storage.path="$platform/alerts" --web.listen-address="127.0.0.1:${ports[2 * i + 1]}" --cluster.listen-address=
    demo_unprivileged "$1/prometheus-$platform.log" ./prometheus --config.file="$platform/prometheus.yml" --storage.tsdb.path="$platform/data" \
      --storage.tsdb.retention.time=1y --web.listen-address="127.0.0.1:${ports[2 * i]}"
  done
  for i in "${!platforms[@]}"; do
    demo_await "${ports[2 * i]}" "$1/prometheus-${platforms[i]}.log"
    demo_await "${ports[2 * i + 1]}" "$1/alertmanager-${platforms[i]}.log"
    demo_post "$admin" "/forward?cluster=${platforms[i]}&service=monitoring/prometheus&port=${ports[2 * i]}"
    demo_post "$admin" "/forward?cluster=${platforms[i]}&service=monitoring/alertmanager&port=${ports[2 * i + 1]}&as=9093"
    rm -f "$demo_fleet/past/${platforms[i]}"*
    printf '%-12s Prometheus http://127.0.0.1:%s  Alertmanager http://127.0.0.1:%s\n' "${platforms[i]}" "${ports[2 * i]}" "${ports[2 * i + 1]}"
  done
}

demo_clusters() { # "PLATFORM EXPORTER-PORT" of each, out of fleet.json
  tr -d '\n ' <"$demo_fleet/fleet.json" | grep -o '{"api":[0-9]*,"id":"[^"]*","metrics":[0-9]*}' |
    sed 's/.*"id":"\([^"]*\)","metrics":\([0-9]*\)}/\1 \2/'
}

demo_fault() { # demo_fault: what goes wrong while one watches; it pends, fires and reaches Alertmanager within three minutes
  local admin
  admin=$(sed -n 's/.*"admin": \([0-9]*\).*/\1/p' "$demo_fleet/fleet.json")
  demo_post "$admin" "/fault?cluster=tchat&fault=crash&target=tchat/notification-service&pods=2&for=12m"
}
