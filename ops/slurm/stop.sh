#!/usr/bin/env bash
# stop.sh DIR: ends the Slurm that start.sh started in DIR, with the jobs that still run in it, and nothing else.
# What lies in DIR stays, so that start.sh can start it again. Stopping what does not run is no error.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=common.sh
source "$here/common.sh"

(($# == 1)) || die 2 'usage: stop.sh DIR'
dir=$(instance_dir "$1")

# Sends TERM, waits, and sends KILL to what is still there after 10 s.
end() { # daemon
  local pid signal
  for signal in TERM KILL; do
    pid=$(running "$dir" "$1") || break
    kill -s "$signal" "$pid" 2>/dev/null || true
    for _ in {1..100}; do
      running "$dir" "$1" >/dev/null || break
      sleep 0.1
    done
  done
  if pid=$(running "$dir" "$1"); then die 1 "$1 (pid $pid) does not end"; fi
  rm -f "$dir/run/$1.pid"
}

# slurmstepd outlives slurmd. It overwrites its environment, but keeps the current folder that slurmd was started in.
steps() {
  local cwd pid
  for cwd in /proc/[0-9]*/cwd; do
    pid=${cwd#/proc/}
    pid=${pid%/cwd}
    if [[ "$(readlink "$cwd")" == "$dir/spool" && "$(readlink "/proc/$pid/exe")" == */slurmstepd* ]]; then
      printf '%s\n' "$pid"
    fi
  done
}
with_children() { # pid
  local child
  printf '%s\n' "$1"
  for child in $(cat "/proc/$1/task/"*/children 2>/dev/null || true); do with_children "$child"; done
}

end slurmrestd
end slurmd
for step in $(steps); do
  mapfile -t family < <(with_children "$step")
  kill -s KILL "${family[@]}" 2>/dev/null || true
done
end slurmctld
end munged
rm -f "$dir/env"
