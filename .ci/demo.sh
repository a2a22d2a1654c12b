#!/usr/bin/env bash
# Tries the demo and the commands as a new user would, good and bad input alike. Usage: .ci/demo.sh DIR (scratch)
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=.ci/functions.sh
. .ci/functions.sh
work=$1
mkdir -p "$work"

# expect STATUS TEXT COMMAND…: the command exits so, prints the text, and no stack trace.
expect() {
  local status=$1 text=$2 actual=0
  shift 2
  timeout 90 "$@" >"$work/out" 2>&1 || actual=$?
  if [ "$actual" != "$status" ] || ! grep -qF -- "$text" "$work/out" || grep -qE '^\s+at [a-z]+\.|Exception in thread' "$work/out"; then
    cat "$work/out" >&2
    fail "'$*' exited with $actual and the output above; expected $status, '$text' and no stack trace"
  fi
  printf 'ok  %-4s %s\n' "($status)" "$(grep -F -m 1 -- "$text" "$work/out" | cut -c 1-150)"
}

# The usual ports are taken: the demo must not mind.
python3 - <<'PYTHON' &
import socket, time
held = []
for port in (8080, 9092):
    try:
        held.append(socket.create_server(('127.0.0.1', port)))
    except OSError:
        pass    # somebody else takes it: as good
time.sleep(300)
PYTHON
pids+=($!)

expect 0 'The topics and the simulator agree.' ./jobwatch demo --jobs 50 --speed 10 --exit-when-done
expect 0 'The topics and the simulator agree.' ./jobwatch demo --jobs 10 --speed 20 --exit-when-done --port 0 --data-dir "$work/kept"
expect 0 'The topics and the simulator agree.' ./jobwatch demo --jobs 10 --speed 20 --exit-when-done --port 0 --data-dir "$work/kept"

# A shell without job control lets its background processes ignore SIGINT, and who started this script may ignore it, too.
env --default-signal=INT ./jobwatch demo --port 0 >"$work/demo" 2>&1 &
demo=$!
pids+=("$demo")
until_seen "$work/demo" 'Job state changed event:' 60
console=$(sed -n 's/^  console *//p' "$work/demo")
data=$(sed -n 's/^  data *\([^ ]*\).*/\1/p' "$work/demo")
curl -fsS "${console%/}/api/v1/summary" | jq -e . >/dev/null
curl -fsS "${console%/}/api/v1/jobs?limit=5" | jq -e '.items | length > 0' >/dev/null
kill -INT "$demo"
(sleep 20 && kill -KILL "$demo") 2>/dev/null &
pids+=($!)
status=0
wait "$demo" || status=$?
[ "$status" = 0 ] || { cat "$work/demo"; fail "Ctrl-C ended the demo with $status"; }
[ ! -e "$data" ] || fail "$data was left behind"
echo 'ok  (0)  Ctrl-C in the middle, nothing left behind'

config() {
  printf 'data-dir: %s\nkafka: {embedded-port: 0}\nschema-registry: {embedded-port: 0}\nquery: {port: 0}\n' "$work/data" >"$work/config.yaml"
  printf '%s\n' "$@" >>"$work/config.yaml"
}

expect 2 'Unknown option' ./jobwatch demo --bogus
expect 2 'Missing' ./jobwatch run
expect 2 'not there.yaml' ./jobwatch run -c "$work/not there.yaml"
config 'sorces: []'
expect 2 'sorces' ./jobwatch run -c "$work/config.yaml"
# shellcheck disable=SC2016  # the configuration expands it, not the shell
config 'sources: [{name: a, type: ams-v2, url: "http://127.0.0.1:1", auth: {type: bearer, token: "${NO_SUCH_SECRET}"}}]'
expect 2 'NO_SUCH_SECRET' ./jobwatch check -c "$work/config.yaml"
config 'sources: [{name: a, type: ams-v2, url: "http://127.0.0.1:1", account: x}]'
expect 2 'name at least one id, or give --all' ./jobwatch dead-letters replay -c "$work/config.yaml"
expect 2 'not <partition>:<offset>' ./jobwatch dead-letters show 17 -c "$work/config.yaml"
expect 1 'there are no data in' ./jobwatch dead-letters list -c "$work/config.yaml"
expect 1 'FAILED  source a' ./jobwatch check -c "$work/config.yaml"
printf 'roles: [process]\nkafka: {bootstrap-servers: "127.0.0.1:1"}\ndata-dir: %s\n' "$work/data" >"$work/config.yaml"
expect 1 'kafka.bootstrap-servers' ./jobwatch setup -c "$work/config.yaml"
expect 1 'FAILED  kafka' ./jobwatch check -c "$work/config.yaml"
printf 'roles: [process]\nschema-registry: {url: "http://127.0.0.1:1"}\nkafka: {embedded-port: 0}\ndata-dir: %s\n' "$work/data" >"$work/config.yaml"
expect 1 'schema-registry.url' ./jobwatch setup -c "$work/config.yaml"
printf 'roles: [process]\ndata-dir: %s\n' "$work/kept" >"$work/kept.yaml"
expect 0 'no dead letters' ./jobwatch dead-letters -c "$work/kept.yaml"
expect 1 'there is no dead letter 0:17' ./jobwatch dead-letters show 0:17 -c "$work/kept.yaml"
config 'roles: [process]'
mkdir -p "$work/data/kafka/logs"
echo 'not what the broker wrote' >"$work/data/kafka/logs/meta.properties"
expect 1 'move it away' ./jobwatch run -c "$work/config.yaml"
