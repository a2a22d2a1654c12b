# shellcheck shell=bash
# Read by scripts of this folder that start processes: ends these with the script, waits for what they print, and says why the script fails.

# The processes to end; whoever starts one adds it.
pids=()

end_all() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  # What does not end by itself within half a minute must not keep the script from telling why it failed.
  local patience=$((SECONDS + 30))
  for pid in "${pids[@]}"; do
    while kill -0 "$pid" 2>/dev/null && ((SECONDS < patience)); do sleep 0.1; done
    kill -KILL "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  pids=()
}
trap end_all EXIT

fail() {
  printf '%s: %s\n' "$0" "$*" >&2
  exit 1
}

# until_seen FILE TEXT SECONDS
until_seen() {
  local deadline=$((SECONDS + $3))
  until grep -qF -- "$2" "$1" 2>/dev/null; do
    sleep 0.2
    ((SECONDS < deadline)) || { tail -n 60 "$1" >&2 || true; fail "'$2' not seen in $1 within $3 s; its last lines are above"; }
  done
}
