# shellcheck shell=bash
# Sourced by the other scripts: where things lie in an instance's folder, and which processes are its own.

readonly me="ops/slurm/${0##*/}"
# shellcheck disable=SC2034
readonly daemons=(munged slurmctld slurmd slurmrestd)     # in the order in which they start

die() { # code message
  printf '%s: %s\n' "$me" "$2" >&2
  exit "$1"
}

# The instance's folder: absolute and without links, because it is compared with what /proc tells.
# slurm.conf splits at blanks, commas and #, and a Unix socket's path has at most 107 bytes.
instance_dir() { # argument
  local dir
  dir=$(realpath -m -- "$1")
  [[ "$dir" =~ ^/[A-Za-z0-9._/+~-]+$ ]] || die 2 "the folder's path may hold only letters, digits and ._/+~-: $dir"
  ((${#dir} <= 80)) || die 2 "the folder's path may have at most 80 characters, for the sockets in it: $dir"
  printf '%s\n' "$dir"
}

# Prints the pid of a daemon of this instance while it runs. A pid file alone proves nothing, for pids are used again:
# the process must be of that name and bear the mark that start.sh gave it.
running() { # dir daemon
  local pid
  [[ -r "$1/run/$2.pid" ]] || return 1
  pid=$(<"$1/run/$2.pid")
  [[ "$pid" =~ ^[0-9]+$ && "$(readlink "/proc/$pid/exe")" == */"$2"* ]] || return 1
  marked "$1" "$pid" || return 1
  printf '%s\n' "$pid"
}
marked() { # dir pid
  grep -qzxF "JOBWATCH_SLURM_DIR=$1" "/proc/$2/environ" 2>/dev/null
}
