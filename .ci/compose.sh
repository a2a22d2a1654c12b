#!/usr/bin/env bash
# Runs the real docker-compose.yml: three brokers, a registry, two instances, the simulated encoder and Prometheus (Grafana's container alone is
# left out, its settings are checked). While jobs run, an instance and a broker are stopped and started again; at the end the topics are held
# against the simulator: nothing lost, nothing twice; and nothing is left behind.
# Usage: .ci/compose.sh DIR (scratch)
#   The images are those that JOBWATCH_IMAGE and its like name in the environment (docker-compose.yml), else those of
#   ops/images/build.sh java kafka, java registry, java jobwatch and java prometheus. COMPOSE names another docker-compose.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=.ci/functions.sh
. .ci/functions.sh
[ $# = 1 ] || { echo 'usage: .ci/compose.sh DIR' >&2; exit 2; }
mkdir -p "$1"
work=$(cd "$1" && pwd)
compose=${COMPOSE:-docker-compose}
python=/usr/bin/python3
# How many jobs, and how much faster than life: most of a minute in which jobs come and go.
readonly jobs=32 speed=2.5

export COMPOSE_PROJECT_NAME=jobwatch-ci-$$
export JOBWATCH_SIMULATOR_JOBS=$jobs JOBWATCH_SIMULATOR_SPEED=$speed
for image in jobwatch kafka registry prometheus; do
  name=JOBWATCH_${image^^}_IMAGE
  name=${name/JOBWATCH_JOBWATCH_/JOBWATCH_}
  [ -n "${!name-}" ] || export "$name=localhost/jobwatch/$image"
  docker image inspect "${!name}" >/dev/null 2>&1 || fail "there is no image ${!name}: build it (ops/images/README.md), or name another in $name"
done
# The consoles and Prometheus take any port; brokers tell theirs to their clients, so it has to be known before.
export JOBWATCH_PORT=0 JOBWATCH_2_PORT=0 JOBWATCH_REGISTRY_PORT=0 JOBWATCH_PROMETHEUS_PORT=0 JOBWATCH_GRAFANA_PORT=0
mapfile -t free < <(.ci/compose.py ports 3)
export JOBWATCH_KAFKA_PORT=${free[0]} JOBWATCH_KAFKA_2_PORT=${free[1]} JOBWATCH_KAFKA_3_PORT=${free[2]}

run() {
  "$compose" --profile cluster --profile observability "$@"
}
everything_down() {
  run down -v --remove-orphans --timeout 20 >"$work/down" 2>&1
}
# Ends the stack whatever happens, and tells of it where something did.
end() {
  local status=$?
  trap - EXIT
  if ((status != 0)); then
    run ps >&2 || true
    run logs --no-color --tail 25 >&2 || true
    everything_down || true
  fi
  end_all
  exit "$status"
}

# As it is for who sets nothing.
official=(env -u JOBWATCH_IMAGE -u JOBWATCH_KAFKA_IMAGE -u JOBWATCH_REGISTRY_IMAGE -u JOBWATCH_PROMETHEUS_IMAGE -u JOBWATCH_GRAFANA_IMAGE "$compose")
"${official[@]}" config >"$work/usual.yml"
"${official[@]}" --profile cluster --profile observability config >"$work/everything.yml"
$python .ci/compose.py file "$work/everything.yml" "$work/usual.yml"
$python .ci/compose.py context
echo 'ok  the file: bounded, watched, ordered, on this machine only; without a profile nothing but the four programs and the setup'

state() { # service, format
  docker inspect --format "$2" "${COMPOSE_PROJECT_NAME}_$1_1" 2>/dev/null || docker inspect --format "$2" "$COMPOSE_PROJECT_NAME-$1-1"
}
# within SECONDS WHAT COMMAND…: repeats the command until it succeeds
within() {
  local deadline=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >"$work/last" 2>&1; do
    ((SECONDS < deadline)) || { cat "$work/last" >&2; fail "not in time: $what"; }
    sleep 0.5
  done
}
healthy() {
  [ "$(state "$1" '{{.State.Health.Status}}')" = healthy ]
}
container() {
  state "$1" '{{.Id}}'
}
address() { # service, port
  printf 'http://%s' "$(run port "$1" "$2")"
}

trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
begin=$SECONDS
run up -d kafka kafka-2 kafka-3 registry jobwatch jobwatch-2 replicas prometheus >"$work/up" 2>&1 || { cat "$work/up" >&2; fail 'docker-compose up'; }
for service in kafka kafka-2 kafka-3 registry jobwatch jobwatch-2 prometheus; do
  within 600 "$service is healthy" healthy "$service"
done
echo "ok  everything is healthy after $((SECONDS - begin)) s"

run logs --no-color setup >"$work/setup"
grep -qF 'cat /run/jobwatch/console.token' "$work/setup" || { cat "$work/setup" >&2; fail 'setup does not say how to sign in'; }
if ! grep -qF 'docker compose port jobwatch 8080' "$work/setup" || grep -qF 'localhost:0' "$work/setup"; then
  cat "$work/setup" >&2
  fail 'setup does not say how to find the port that Docker chose'
fi
token=$(run exec -T jobwatch cat /run/jobwatch/console.token | tr -d '\r\n')
! grep -qF "$token" "$work/setup" || fail 'the token is in the log'
printf 'header = "Authorization: Bearer %s"\n' "$token" >"$work/authorization"

status_of() { # curl's options and the address
  curl -s -o /dev/null -w '%{http_code}' --max-time 20 "$@"
}
asked() { # service, path
  curl -sf --max-time 20 --config "$work/authorization" "$(address "$1" 8080)$2"
}
for path in /api/v1/jobs /metrics; do
  for service in jobwatch jobwatch-2; do
    [ "$(status_of "$(address "$service" 8080)$path")" = 401 ] || fail "$service answers at $path without a token"
    [ "$(status_of --config "$work/authorization" "$(address "$service" 8080)$path")" = 200 ] || fail "$service refuses the token at $path"
  done
done
[ "$(status_of "$(address jobwatch 8080)/")" = 200 ] || fail 'there is no console'
prometheus=$(address prometheus 9090)
prometheus_says() { # expression, what it must be
  [ "$(curl -sf --get --data-urlencode "query=$1" "$prometheus/api/v1/query" | jq -r '.data.result[0].value[1]')" = "$2" ]
}
within 180 'Prometheus has scraped both instances' prometheus_says 'sum(up{job="jobwatch"})' 2
within 180 'both instances have told Prometheus of themselves' \
  prometheus_says 'count(count by (instance) (jvm_memory_used_bytes{instance=~"jobwatch|jobwatch-2"}))' 2
curl -sf "$prometheus/api/v1/rules" >"$work/rules.json"
jq -e '.data.groups | length > 0 and all(.[].rules[]; .lastError // "" == "")' "$work/rules.json" >/dev/null \
  || { cat "$work/rules.json" >&2; fail 'Prometheus cannot evaluate its rules'; }
echo "ok  Prometheus scrapes both instances with its token, $(jq '[.data.groups[].rules[]] | length' "$work/rules.json") rules are evaluated"

replicated() {
  [ "$(state replicas '{{.State.Status}} {{.State.ExitCode}}')" = 'exited 0' ]
}
within 600 'replicas has ended well' replicated
$python .ci/compose.py replicas "127.0.0.1:$JOBWATCH_KAFKA_PORT" 3 | sed 's/^/ok  /'

shown() { # service, how many jobs at least
  asked "$1" '/api/v1/jobs?limit=500' | jq -e --argjson wanted "$2" '.items | length >= $wanted'
}
# Only now: what follows is to happen while jobs run, however long the start has taken.
run up -d --no-deps encoder >>"$work/up" 2>&1 || { cat "$work/up" >&2; fail 'docker-compose up encoder'; }
within 300 'jobs are seen from outside' shown jobwatch 3
echo "ok  jobs are seen from outside, with the token alone, after $((SECONDS - begin)) s"

# How many jobs of the simulator have ended; its list is in $work/truth.json.
listed() {
  run exec -T jobwatch-2 wget -q -O - http://encoder:8080/api/Jobs >"$work/truth.json"
  jq '[.value[] | select(.State >= 3 and .State <= 5)] | length' "$work/truth.json"
}
ended() {
  [ "$(listed)" = "$jobs" ]
}

before=$(listed)
docker stop --time 30 "$(container jobwatch)" >/dev/null
code=$(state jobwatch '{{.State.ExitCode}}')
[ "$code" = 0 ] || fail "jobwatch exited with $code when it was stopped"
more_than() { # service, sequence numbers in all
  asked "$1" '/api/v1/jobs?limit=500' | jq -e --argjson before "$2" '[.items[].sequence] | add > $before' || ended
}
transitions=$(asked jobwatch-2 '/api/v1/jobs?limit=500' | jq '[.items[].sequence] | add')
within 180 'the other instance goes on' more_than jobwatch-2 "$transitions"
# As someone who does not know what runs and what does not: this starts what was stopped, and leaves the rest as it is.
run up -d --no-deps setup jobwatch >>"$work/up" 2>&1 || { cat "$work/up" >&2; fail 'docker-compose up again'; }
within 300 'jobwatch is back' healthy jobwatch
[ "$(status_of --config "$work/authorization" "$(address jobwatch 8080)/api/v1/summary")" = 200 ] || fail 'another token after docker-compose up again'

docker stop --time 60 "$(container kafka-2)" >/dev/null
transitions=$(asked jobwatch '/api/v1/jobs?limit=500' | jq '[.items[].sequence] | add')
within 180 'it goes on with two brokers' more_than jobwatch "$transitions"
docker start "$(container kafka-2)" >/dev/null
after=$(listed)
echo "ok  an instance and a broker were stopped and started, while $((after - before)) of $jobs jobs ended ($before before)"

within 300 'every job of the simulator has ended' ended
$python .ci/compose.py truth "127.0.0.1:$JOBWATCH_KAFKA_PORT" "$(address registry 8080)/apis/ccompat/v7" "$work/truth.json" "$jobs" | sed 's/^/ok  /'
jq -cr '.value[] | [.Id, {"3": "FINISHED", "4": "ERROR", "5": "CANCELED"}[.State | tostring]] | @tsv' "$work/truth.json" | sort >"$work/truth.tsv"
same() { # service
  asked "$1" '/api/v1/jobs?limit=500' | jq -r '.items[] | [.jobId, .state] | @tsv' | sort | diff "$work/truth.tsv" -
}
for service in jobwatch jobwatch-2; do
  within 120 "$service shows the same ends as the simulator" same "$service"
done
within 180 'kafka-2 is back' healthy kafka-2
$python .ci/compose.py replicas "127.0.0.1:$JOBWATCH_KAFKA_PORT" 3 | sed 's/^/ok  /'

everything_down || { cat "$work/down" >&2; fail 'docker-compose down'; }
label=label=com.docker.compose.project=$COMPOSE_PROJECT_NAME
left=$(docker ps -aq --filter "$label"; docker volume ls -q --filter "$label"; docker network ls -q --filter "$label")
[ -z "$left" ] || fail "docker-compose down -v left behind: $left"
echo "ok  nothing is left behind; $((SECONDS - begin)) s in all"
