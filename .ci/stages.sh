#!/usr/bin/env bash
# What the check does with the packaged jar and does not do with Maven's tests: .ci/run runs it in a copy of the tree, beside mvn verify, for most
# of the time of either is waiting. Usage: .ci/stages.sh WORK
#   WORK: scratch; has apicurio (of .ci/apicurio.sh) in it; the tree that this script stands in has a build in target/
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
if [ $# != 1 ] || [ ! -d "$1" ]; then
  echo 'usage: .ci/stages.sh WORK' >&2
  exit 2
fi
work=$(cd "$1" && pwd)
[ -e target/jobwatch.jar ] || { echo '.ci/stages.sh: there is no target/jobwatch.jar: run mvn package first' >&2; exit 1; }

# In the seconds that most processes live here, the optimising compiler takes more of the processors than it gives.
export JOBWATCH_JAVA_OPTS=-XX:TieredStopAtLevel=1

step() {
  printf '\n=== %s (%s s since the stages began)\n' "$*" "$SECONDS"
}

# First, while mvn verify has its unit tests: no test has a browser meanwhile.
step "docker-compose.yml, with images built here"
.ci/networks.py .ci/compose.sh "$work/compose"

step "an archive of the jar's classes"
# Some seventy processes load them; with the archive each takes a quarter less of the processors.
if ! JOBWATCH_JAVA_OPTS="$JOBWATCH_JAVA_OPTS -XX:ArchiveClassesAtExit=$work/classes.jsa" \
    timeout 180 ./jobwatch demo --jobs 5 --speed 50 --port 0 --exit-when-done >"$work/archive.log" 2>&1 || [ ! -s "$work/classes.jsa" ]; then
  cat "$work/archive.log" >&2
  exit 1
fi
# Not earlier: the compose file hands these options to its containers. Of another jar than this one, Java does not take it, and would say so.
export JOBWATCH_JAVA_OPTS="$JOBWATCH_JAVA_OPTS -XX:SharedArchiveFile=$work/classes.jsa -Xlog:disable -Xlog:all=error:stderr"

step "the jar with Confluent's registry client"
.ci/adapter.sh "$work/adapter"

step "the demo, as a new user would"
.ci/demo.sh "$work/demo"

step "the manifests for Kubernetes"
.ci/kubernetes.sh "$work"

step "rules, runbooks and dashboards, on a live Prometheus"
.ci/observability.sh "$work/observability"

step "consumers in Java, Python, Node and kcat, on a real run"
.ci/consumers.sh "$work/consumers" "$work/adapter/repository"

step "Kafka Connect writes the topics into a database"
.ci/connect.sh "$work/connect" "$work"

step "a small dose of the benchmark: its contestants' results are checked, its figures say nothing here"
status=0
JAVA_TOOL_OPTIONS="${JAVA_TOOL_OPTIONS-} -XX:TieredStopAtLevel=1" MAVEN_OPTS="${MAVEN_OPTS-} -Dmaven.compiler.useIncrementalCompilation=false" \
  ops/bench/run.sh dose || status=$?
if [ "$status" != 0 ]; then
  find target -name '*.log' -exec tail -n 40 {} + >&2
  echo ".ci/stages.sh: ops/bench/run.sh dose exited with $status and the output above" >&2
  exit 1
fi

step "the stages are done"
