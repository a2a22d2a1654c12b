#!/usr/bin/env bash
# Runs a jobwatch and a Prometheus that scrapes it with a token, as ops/prometheus/README.md says, and holds the rules, the runbooks and the dashboards against
# them: every query gives data, every metric exists, no alert holds while all is well, and some fire for real when it is not.
# Usage: .ci/observability.sh DIR [--static]
#   DIR: scratch; --static: only what needs nothing that runs
set -euo pipefail
export LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1

cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=.ci/functions.sh
. .ci/functions.sh
case "$#,${1-},${2-}" in
  1,[!-]*, | 2,[!-]*,--static) ;;
  *)
    echo 'usage: .ci/observability.sh DIR [--static]' >&2
    exit 2
    ;;
esac
mkdir -p "$1"
work=$(cd "$1" && pwd)
rules=ops/prometheus/rules/jobwatch.yml

.ci/observability_lint.py
.ci/prometheus.sh "$work" >"$work/tool" || fail 'prometheus and promtool are not there'
PATH=$work/bin:$PATH
# quietly NAME COMMAND…: shows what it printed only if it fails
quietly() {
  local name=$1
  shift
  "$@" >"$work/$name.log" 2>&1 || { cat "$work/$name.log" >&2; fail "'$*' failed with the output above"; }
}
quietly rules promtool check rules "$rules"
quietly tests promtool test rules ops/prometheus/tests/*.yml
echo "ok  $(cat "$work/tool"): the rules are valid and their unit tests pass"
[ $# = 1 ] || exit 0

[ ! -e ops/prometheus/prometheus.yml ] || quietly config promtool check config --syntax-only ops/prometheus/prometheus.yml

./jobwatch simulate --jobs 100000 --speed 20 >"$work/simulator" 2>&1 &
simulator=$!
pids+=("$simulator")
until_seen "$work/simulator" 'simulated encoder at' 180
url=$(sed -n 's/^simulated encoder at \([^ ]*\).*/\1/p' "$work/simulator")
token=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
printf %s "$token" >"$work/token"
entry() {
  printf '  - {name: %s, type: ams-v2, url: "%s", account: contoso, poll-interval: 500ms, start-from: all, request-limit: {per-second: 50}}' "$1" "$url"
}
cat >"$work/jobwatch.yaml" <<YAML
application-id: observed
data-dir: $work/data
kafka: {embedded-port: 0}
schema-registry: {embedded-port: 0}
sources:
$(entry encoder-eu)
$(entry encoder-us)
report: {console: off}
query:
  port: 0
  auth: {type: bearer, tokens: [{name: prometheus, sha256: "$(printf %s "$token" | sha256sum | cut -d ' ' -f 1)"}]}
YAML
./jobwatch run -c "$work/jobwatch.yaml" >"$work/jobwatch" 2>&1 &
jobwatch=$!
pids+=("$jobwatch")
until_seen "$work/jobwatch" ', console http' 180
console=$(sed -n 's/.*, console \(http[^ ]*\)\/.*/\1/p' "$work/jobwatch")

# The rules again, with seconds for minutes: what is provoked must not take minutes here.
.ci/observability.py hasten >"$work/hastened.yml"
cat >"$work/prometheus.yml" <<YAML
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: ["$PWD/$rules", "$work/hastened.yml"]
scrape_configs:
  - job_name: jobwatch
    authorization: {credentials_file: "$work/token"}
    static_configs: [{targets: ["${console#http://}"]}]
YAML
quietly config promtool check config "$work/prometheus.yml"
prometheus --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/tsdb" --web.listen-address=127.0.0.1:0 >"$work/prometheus" 2>&1 &
pids+=($!)
until_seen "$work/prometheus" 'Listening on' 30
prometheus=$(sed -n 's/.*Listening on.* address=\([^ ]*\).*/http:\/\/\1/p' "$work/prometheus")

# Somebody without a token, so that it is counted at all: the first increment of a counter is not seen by increase.
curl -sS -o /dev/null "$console/api/v1/summary"

.ci/observability.py healthy "$prometheus" || { tail -n 20 "$work/jobwatch" >&2; fail 'the live run is not as the rules and dashboards expect'; }

# Names of Kafka's and the JVM's own metrics are Micrometer's; ours must be as Prometheus wants them.
curl -fsS -H "Authorization: Bearer $token" "$console/metrics" >"$work/metrics"
status=0
promtool check metrics <"$work/metrics" >"$work/names" 2>&1 || status=$?
case "$status" in
  0 | 3) ! grep '^jobwatch_' "$work/names" >&2 || fail 'promtool finds fault with the metrics above' ;;
  *) cat "$work/names" >&2; fail 'promtool cannot read /metrics' ;;
esac
echo "ok  promtool finds no fault with $(grep -c '^# TYPE jobwatch_' "$work/metrics") metrics of jobwatch"

kill "$simulator"
curl -sS -o /dev/null "$console/api/v1/summary?x=[1-200]" 2>"$work/curl" || true
.ci/observability.py firing "$prometheus" JobwatchSourceFailing JobwatchUnauthorizedRequests
kill -KILL "$jobwatch"
wait "$jobwatch" 2>/dev/null || true   # else bash tells of the kill
.ci/observability.py firing "$prometheus" JobwatchDown
