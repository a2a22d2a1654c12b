#!/usr/bin/env bash
# Measures what the README states of the demo: clones this repository into an empty folder, runs ./jobwatch demo there twice, and prints the time to the
# first transition and to the first report, with the build and without it, and the memory of the process. The libraries are in Maven's local repository.
set -euo pipefail

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
demo=
end() {
  [ -z "$demo" ] || kill "$demo" 2>/dev/null || true
  rm -rf "$work"
}
trap end EXIT

# seconds_until TEXT START: waits for a line of the demo's output.
seconds_until() {
  until grep -q "$1" "$work/out"; do
    kill -0 "$demo" || { cat "$work/out"; exit 1; }
    sleep 0.05
  done
  awk -v now="$(date +%s.%N)" -v start="$2" 'BEGIN {printf "%.1f s", now - start}'
}

mebibytes() {
  awk -v field="$1:" '$1 == field {print int($2 / 1024)}' "/proc/$demo/status"
}

measure() {
  local start
  start=$(date +%s.%N)
  "$work/clone/jobwatch" demo --port 0 >"$work/out" 2>&1 &
  demo=$!
  printf '%s: first transition after %s' "$1" "$(seconds_until '^Job state changed event:' "$start")"
  printf ', first report after %s' "$(seconds_until '^The job stopped due to' "$start")"
  sleep 15
  printf ', resident memory %d MiB, peak %d MiB\n' "$(mebibytes VmRSS)" "$(mebibytes VmHWM)"
  kill "$demo"
  wait "$demo"
  demo=
}

git clone -q "$repository" "$work/clone"
measure 'clean clone, built first'
measure 'built before'
