#!/usr/bin/env bash
# Runs a Kafka Connect worker that writes jobwatch's topics into a database, until SIGINT or SIGTERM. Java replaces this shell.
# Usage: ops/connect/start.sh DIR [CONNECTOR.properties…]
#   DIR: what ops/connect/install.sh made; the connectors are those beside this script when none is named
# Where things are, by the environment:
#   JOBWATCH_CONNECT_KAFKA      the brokers (localhost:9092)
#   JOBWATCH_CONNECT_REGISTRY   Apicurio Registry's core API, version 2 (http://localhost:8080/apis/registry/v2)
#   JOBWATCH_CONNECT_DATABASE   the database (jdbc:postgresql://localhost:5432/jobwatch)
#   JOBWATCH_CONNECT_USER       who writes there (jobwatch)
#   JOBWATCH_CONNECT_PASSWORD   and the password; none by default
#   JOBWATCH_CONNECT_PORT       the port of Connect's own REST API, on this machine alone (8083; 0 takes any free one)
#   JOBWATCH_CONNECT_JAVA_OPTS  for the JVM (-Xmx512m)
set -euo pipefail

die() { # code message
  printf 'ops/connect/start.sh: %s\n' "$2" >&2
  exit "$1"
}

case "${1-}" in
  -* | '') die 2 'usage: ops/connect/start.sh DIR [CONNECTOR.properties…]' ;;
esac
[[ -d "$1/worker" && -d "$1/plugins" ]] || die 2 "there is no worker in $1: ops/connect/install.sh $1 fetches it"
JOBWATCH_CONNECT_HOME=$(cd "$1" && pwd)
shift
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[[ $# -gt 0 ]] || set -- "$here/job-status.properties" "$here/job-error-reports.properties"

export JOBWATCH_CONNECT_HOME
export JOBWATCH_CONNECT_KAFKA="${JOBWATCH_CONNECT_KAFKA:-localhost:9092}"
export JOBWATCH_CONNECT_REGISTRY="${JOBWATCH_CONNECT_REGISTRY:-http://localhost:8080/apis/registry/v2}"
export JOBWATCH_CONNECT_DATABASE="${JOBWATCH_CONNECT_DATABASE:-jdbc:postgresql://localhost:5432/jobwatch}"
export JOBWATCH_CONNECT_USER="${JOBWATCH_CONNECT_USER:-jobwatch}"
export JOBWATCH_CONNECT_PASSWORD="${JOBWATCH_CONNECT_PASSWORD:-}"
export JOBWATCH_CONNECT_PORT="${JOBWATCH_CONNECT_PORT:-8083}"

{
  cat "$here/worker.properties"
  printf 'plugin.path=%s\n' "$JOBWATCH_CONNECT_HOME/plugins"
} >"$JOBWATCH_CONNECT_HOME/worker.properties"

# shellcheck disable=SC2086  # a list of words
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -XX:+UseSerialGC ${JOBWATCH_CONNECT_JAVA_OPTS:--Xmx512m} -Dorg.slf4j.simpleLogger.showDateTime=true \
  '-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS' -cp "$JOBWATCH_CONNECT_HOME/worker/*" \
  org.apache.kafka.connect.cli.ConnectStandalone "$JOBWATCH_CONNECT_HOME/worker.properties" "$@"
