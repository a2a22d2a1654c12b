#!/usr/bin/env bash
# Runs the Kafka Connect sink of ops/connect for real: Apicurio Registry, jobwatch with a simulated encoder, a Connect worker and PostgreSQL, and
# holds the tables against jobwatch's own answers. Usage: .ci/connect.sh DIR [HOME]
#   DIR: scratch; HOME: where Apicurio Registry and the worker are unpacked, kept and used again (DIR)
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=.ci/functions.sh
. .ci/functions.sh
case "$#,${1-}" in
  1,[!-]* | 2,[!-]*) ;;
  *)
    echo 'usage: .ci/connect.sh DIR [HOME]' >&2
    exit 2
    ;;
esac
mkdir -p "$1" "${2:-$1}"
work=$(mktemp -d "$(cd "$1" && pwd)/run.XXXXXX")
home=$(cd "${2:-$1}" && pwd)
database=''
jobs=64

end_all_and_the_database() {
  end_all
  [[ -z "$database" ]] || as_postgres "$postgres/pg_ctl" -D "$database/data" -m immediate stop >/dev/null 2>&1 || true
  [[ -z "$database" ]] || rm -rf "$database"
}
trap end_all_and_the_database EXIT

# field FILE PATTERN: what the pattern's group matches, in the file's first line that has it
field() {
  sed -nE "s#.*$2.*#\1#; T; p; q" "$1"
}

free_port() {
  python3 -c 'import socket; print(socket.create_server(("127.0.0.1", 0)).getsockname()[1])'
}

# PostgreSQL refuses to be run by root.
as_postgres() {
  if ((EUID == 0)); then runuser -u postgres -- env --chdir=/ "$@"; else "$@"; fi
}

install() {
  local missing=() status=0 no_server=/etc/postgresql-common/createcluster.d/jobwatch-ci.conf
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
  command -v kcat >/dev/null || missing+=(kcat)
  if ((${#missing[@]})); then
    ((EUID == 0)) || fail "only root can install what is missing: ${missing[*]}"
    apt-get update -qq
    # Debian's package would make and start a server of its own.
    mkdir -p "${no_server%/*}"
    echo 'create_main_cluster = false' >"$no_server"
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >"$work/install.log" 2>&1 || status=$?
    rm "$no_server"
    ((status == 0)) || { tail -n 20 "$work/install.log" >&2; fail "${missing[*]} could not be installed, see above"; }
  fi
  postgres=$(compgen -G '/usr/lib/postgresql/*/bin' | sort -V | tail -n 1)
  .ci/apicurio.sh "$home/apicurio"
  ops/connect/install.sh "$home/connect"
}

start_registry() {
  mkdir -p "$work/registry"
  "$home/apicurio/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx384m \
    -Dquarkus.http.host=127.0.0.1 -Dquarkus.http.port=0 -Dquarkus.management.host=127.0.0.1 -Dquarkus.management.port=0 \
    -Dapicurio.storage.kind=sql -Dapicurio.storage.sql.kind=h2 -Dapicurio.datasource.url="jdbc:h2:file:$work/registry/registry" \
    -jar "$home/apicurio/quarkus-run.jar" >"$work/registry.log" 2>&1 &
  pids+=($!)
}

registry_url() {
  until_seen "$work/registry.log" 'Listening on: http://127.0.0.1:' 60
  registry=$(field "$work/registry.log" 'Listening on: (http://127\.0\.0\.1:[0-9]+)')
  # Versions of the same content: from here on the ids of versions and of contents differ, as sooner or later they do, and a converter that looks up
  # the wrong ones is seen.
  local version
  for version in 1 2 3 4; do
    curl -fsS -H 'Content-Type: application/json' -H 'X-Registry-ArtifactType: AVRO' -H 'X-Registry-ArtifactId: other' -d '{"type": "string"}' \
      "$registry/apis/registry/v2/groups/default/artifacts?ifExists=UPDATE" >"$work/version-$version.json"
  done
}

database_process() { # start | stop
  as_postgres "$postgres/pg_ctl" -D "$database/data" -w -m fast -l "$database/log" \
    -o "-p $PGPORT -k $database -c listen_addresses=127.0.0.1 -c fsync=off" "$1" >/dev/null
}

# A server of its own with a password, on a free port.
start_database() {
  local tries=0
  database=$(mktemp -d)
  PGPASSWORD=$(od -An -N 12 -tx1 /dev/urandom | tr -d ' \n')
  export PGPASSWORD
  printf '%s\n' "$PGPASSWORD" >"$database/password"
  ((EUID != 0)) || chown -R postgres "$database"
  as_postgres "$postgres/initdb" -D "$database/data" -U jobwatch --pwfile="$database/password" --auth=scram-sha-256 --encoding=UTF8 --no-sync \
    >"$work/initdb.log" 2>&1 || { cat "$work/initdb.log" >&2; fail 'initdb failed, see above'; }
  until
    PGPORT=$(free_port)
    database_process start
  do
    # Somebody else may have taken the port meanwhile.
    tries=$((tries + 1))
    ((tries < 3)) || { cat "$database/log" >&2; fail 'PostgreSQL does not start, see above'; }
  done
  export PGHOST=127.0.0.1 PGPORT PGUSER=jobwatch PGDATABASE=jobwatch
  "$postgres/createdb"
}

# All but the polling: topics, registry entries, topology and answers are there, and nothing happens yet.
start_jobwatch() {
  cat >"$work/jobwatch.yaml" <<YAML
data-dir: $work/jobwatch
roles: [process, report, query]
kafka: {embedded-port: 0}
schema-registry: {url: "$registry/apis/ccompat/v7"}
report: {console: "off"}
query: {port: 0}
YAML
  ./jobwatch run -c "$work/jobwatch.yaml" >"$work/jobwatch.log" 2>&1 &
  pids+=($!)
  until_seen "$work/jobwatch.log" 'console http://' 60
  brokers=$(field "$work/jobwatch.log" 'kafka (127\.0\.0\.1:[0-9]+)')
  console=$(field "$work/jobwatch.log" 'console (http://127\.0\.0\.1:[0-9]+)')
}

# A minute of jobs that come one after the other: a poller that takes long to start finds some that have ended, and sees others while they live.
start_encoder() {
  ./jobwatch simulate --port 0 --jobs "$jobs" --speed 4 >"$work/simulator.log" 2>&1 &
  pids+=($!)
  until_seen "$work/simulator.log" 'simulated encoder at' 60
  encoder=$(field "$work/simulator.log" 'simulated encoder at (http://[^ ]+)')
}

# Of an encoder that answers, for where none does the poller waits longer each time, up to a minute.
start_polling() {
  cat >"$work/poll.yaml" <<YAML
data-dir: $work/poll
roles: [poll]
kafka: {bootstrap-servers: "$brokers"}
schema-registry: {url: "$registry/apis/ccompat/v7"}
sources:
  - {name: encoder, type: ams-v2, url: "$encoder", account: contoso, location: westeurope, poll-interval: 500ms, start-from: all,
     auth: {type: bearer, token: simulated}}
YAML
  ./jobwatch run -c "$work/poll.yaml" >"$work/poll.log" 2>&1 &
  pids+=($!)
}

# As a user would, but in a time zone that is not UTC, which no time in the tables may follow.
start_connect() {
  TZ=America/New_York JOBWATCH_CONNECT_KAFKA=$brokers JOBWATCH_CONNECT_REGISTRY=$registry/apis/registry/v2 \
    JOBWATCH_CONNECT_DATABASE=jdbc:postgresql://$PGHOST:$PGPORT/$PGDATABASE JOBWATCH_CONNECT_USER=$PGUSER JOBWATCH_CONNECT_PASSWORD=$PGPASSWORD \
    JOBWATCH_CONNECT_PORT=0 JOBWATCH_CONNECT_JAVA_OPTS='-Xmx512m -XX:TieredStopAtLevel=1' \
    ops/connect/start.sh "$home/connect" >"$work/connect.log" 2>&1 &
  connect=$!
  pids+=("$connect")
}

sql() {
  psql -X -q -A -t -v ON_ERROR_STOP=1 -c "$1"
}

# rows TABLE WHERE
rows() {
  sql "select count(*) from $1 where $2" 2>/dev/null || echo 0
}

complaints() {
  grep -E ' (ERROR|WARN) |Caused by' "$work/connect.log" | cut -c 1-300 | tail -n 20 >&2 || true
}

# until_true SECONDS WHAT COMMAND…
until_true() {
  local deadline=$((SECONDS + $1)) seconds=$1 what=$2
  shift 2
  until "$@"; do
    kill -0 "$connect" 2>/dev/null || { complaints; fail 'the Connect worker has ended, see above'; }
    ((SECONDS < deadline)) || { complaints; fail "not within $seconds s: $what"; }
    sleep 0.3
  done
}

# Holds the tables against what jobwatch answers; prints the differences and fails where there are any.
agree() {
  sql "select json_build_object('status', (select json_agg(s) from job_status s), 'reports', (select json_agg(r) from job_error_reports r))" \
    >"$work/tables.json" 2>"$work/psql.log" || { cat "$work/psql.log"; return 1; }
  .ci/connect.py "$console" "$work/tables.json"
}

# until_agree WHAT
until_agree() {
  local deadline=$((SECONDS + 60))
  until agree >"$work/agree.log"; do
    ((SECONDS < deadline)) || { complaints; cat "$work/agree.log" >&2; fail "$1, tables and answers differ: see above"; }
    sleep 0.3
  done
  printf 'ok  (%s s) %s: %s\n' "$SECONDS" "$1" "$(cat "$work/agree.log")"
}

all_ended() {
  curl -fsS "$console/api/v1/summary" | jq -e --argjson jobs "$jobs" \
    '.jobs == $jobs and .states.FINISHED + .states.ERROR + .states.CANCELED == $jobs' >/dev/null
}

connectors_run() {
  local connector
  rest=$(field "$work/connect.log" 'REST server listening at (http://127\.0\.0\.1:[0-9]+)')
  for connector in jobwatch-job-status jobwatch-job-error-reports; do
    curl -fsS "$rest/connectors/$connector/status" >"$work/status.json" 2>/dev/null || return 1
    jq -e '[.connector.state, .tasks[].state] == ["RUNNING", "RUNNING"]' "$work/status.json" >/dev/null || return 1
  done
}

live_row() {
  live=$(sql "select job_key || ' ' || sequence from job_status where state in ('QUEUED', 'SCHEDULED', 'PROCESSING') limit 1" 2>/dev/null)
  [[ -n "$live" ]]
}

install
start_registry
start_database
registry_url
start_jobwatch
start_connect
until_true 120 'both connectors run' connectors_run
start_encoder
start_polling
until_seen "$work/poll.log" 'running poll' 60

until_true 120 'a job that has not ended is in the table' live_row
printf 'ok  (%s s) %s was in the table before it ended\n' "$SECONDS" "$live"

until_true 120 'the simulated jobs have ended' all_ended
until_agree 'when all jobs have ended'
[[ $(rows job_status "job_key = '${live% *}' and state in ('FINISHED', 'ERROR', 'CANCELED') and sequence > ${live#* }") == 1 ]] \
  || fail "the row of ${live% *} was not brought up to date"
printf 'ok  (%s s) its row was brought up to date\n' "$SECONDS"
[[ $(grep -cP '^\tisolation\.level = read_committed' "$work/connect.log") == 2 ]] || fail 'the two consumers do not read what is committed alone'

# As when jobwatch forgets a job: a tombstone, here while the database is down. One that ran well, for the reports of others are still compared; the
# ids are always the same, and this one's hash in librdkafka leads elsewhere.
forgotten=$(sql "select job_key from job_status where state = 'FINISHED' order by job_key desc limit 1")
[[ -n "$forgotten" ]] || fail 'no job has finished'
database_process stop
printf '%s\t\n' "$forgotten" | kcat -P -b "$brokers" -t jobwatch.job-status -Z -K '\t' -X topic.partitioner=murmur2_random
of_it=$(kcat -q -C -b "$brokers" -t jobwatch.job-status -o beginning -e -f '%k\t%p\t%S\n' | grep -F "$forgotten"$'\t')
[[ $(cut -f 2 <<<"$of_it" | sort -u | wc -l) == 1 && $(tail -n 1 <<<"$of_it") == *$'\t-1' ]] \
  || fail "the tombstone is not the last record of the partition with the others (key, partition, bytes): $of_it"
until_seen "$work/connect.log" 'Retry 2/120' 30
database_process start
gone() {
  [[ $(rows job_status "job_key = '$forgotten'") == 0 ]]
}
until_true 60 "the tombstone deletes the row of $forgotten" gone
until_agree 'when a job was forgotten while the database was down'

connectors_run || fail "a connector does not run: $(cat "$work/status.json")"
curl -fsS "$rest/connectors/jobwatch-job-status" | grep -qF "$PGPASSWORD" && fail "Connect's REST API shows the database's password"
if grep -qF "$PGPASSWORD" "$work/connect.log"; then fail "the log of Connect shows the database's password"; fi
printf 'ok  (%s s) both connectors run, and neither their log nor their REST API tells the password\n' "$SECONDS"
