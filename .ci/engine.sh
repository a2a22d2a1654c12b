#!/usr/bin/env bash
# A Docker engine for the tests that need one.
#   .ci/engine.sh start DIR   does nothing where an engine answers; else installs Debian's if there is none, and starts it in a session of
#                             its own; its log and its pid are in DIR
#   .ci/engine.sh stop DIR    ends the engine that start began, and with it its containers; harmless when repeated
set -euo pipefail

die() {
  printf '.ci/engine.sh: %s\n' "$*" >&2
  exit 1
}

answers() {
  docker info >/dev/null 2>&1
}

# Returns 0 when the engine answers, 1 when it ended instead.
started() { # dir option...
  local dir=$1 pid waited=0
  shift
  setsid dockerd "$@" >"$dir/dockerd.log" 2>&1 </dev/null &
  pid=$!
  until answers; do
    sleep 0.2
    waited=$((waited + 1))
    kill -0 "$pid" 2>/dev/null || return 1
    ((waited < 300)) || { kill "$pid"; return 1; }
  done
  echo "$pid" >"$dir/dockerd.pid"
}

start() { # dir
  answers && return
  ((EUID == 0)) || die 'no Docker engine answers, and only root can start one'
  if ! command -v dockerd >/dev/null || ! command -v docker >/dev/null; then
    command -v apt-get >/dev/null || die 'no Docker engine answers, and there is no apt-get to install one (not a Debian machine)'
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends docker.io >"$1/install.log" 2>&1 \
      || { tail -n 20 "$1/install.log" >&2; die 'docker.io could not be installed, see above'; }
    # Where the system starts its services, the package has started this one.
    answers && return
  fi
  # It takes the storage driver that the machine can have by itself. Without the right to change the packet filter, ports are still published
  # by its proxy, and containers have no way out, which no test needs.
  started "$1" || started "$1" --iptables=false || { tail -n 20 "$1/dockerd.log" >&2; die 'dockerd does not start, see above'; }
}

stop() { # dir
  [ -s "$1/dockerd.pid" ] || return 0
  local pid
  pid=$(<"$1/dockerd.pid")
  rm "$1/dockerd.pid"
  kill "$pid" 2>/dev/null || return 0
  for _ in $(seq 150); do
    kill -0 "$pid" 2>/dev/null || return 0
    sleep 0.2
  done
  kill -KILL "$pid"
}

case ${1-} in
  start | stop) [ -d "${2-}" ] || die "there is no folder ${2-}"; "$1" "$2" ;;
  *) die 'usage: .ci/engine.sh start|stop DIR' ;;
esac
