#!/usr/bin/env bash
# Builds the jar with Confluent's registry client (mvn -Pconfluent), tests the adapter, and sees which client the jar uses. It works on a copy of
# the tree, so that target/ stays as it is; what is compiled there already, by mvn verify, is not compiled again.
# Usage: .ci/adapter.sh DIR (scratch; DIR/repository becomes the Maven repository of .ci/confluent.sh)
set -euo pipefail

fail() {
  printf '.ci/adapter.sh: %s\n' "$*" >&2
  exit 1
}

case "$#,${1-}" in
  1,-* | 1,) fail 'usage: .ci/adapter.sh DIR' ;;
  1,*) ;;
  *) fail 'usage: .ci/adapter.sh DIR' ;;
esac
mkdir -p "$1"
dir=$(cd "$1" && pwd)
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[[ -e target/jobwatch.jar && -d target/test-classes ]] || fail 'there is no build in target/: run mvn verify first'

.ci/confluent.sh "$dir/repository"
tree=$dir/tree
rm -rf "$tree"
mkdir -p "$tree/target"
git ls-files -z --cached --others --exclude-standard -- pom.xml schemas src | tar cf - --null -T - | tar xf - -C "$tree"
cp -a target/classes target/test-classes target/generated-sources "$tree/target"

(cd "$tree" && mvn -B -q -Pconfluent -Dmaven.repo.local="$dir/repository" -Dmaven.compiler.useIncrementalCompilation=false \
  -Dtest='Confluent*' package)
python3 - "$tree" <<'PYTHON'
import glob, sys, xml.etree.ElementTree as tree
cases = [case for report in glob.glob(sys.argv[1] + '/target/surefire-reports/TEST-*.xml') for case in tree.parse(report).getroot().iter('testcase')]
classes = {case.get('classname').rpartition('.')[2] for case in cases}
skipped = [case.get('name') for case in cases if case.find('skipped') is not None]
if skipped or not {'Confluent' + name for name in ('AnswersTest', 'FailoverTest', 'SettingsTest', 'TlsTest', 'ProxyTest', 'OnEmbeddedIT', 'OnApicurioIT')} <= classes:
    sys.exit(f'.ci/adapter.sh: skipped: {skipped}; ran: {sorted(classes)}')
print(f'{len(cases)} passed, 0 failed, 0 skipped')
PYTHON

# expect STATUS TEXT JAR COMMAND CLIENT: with this client, or none, in the configuration the command ends so and prints the text
expect() {
  local status=$1 text=$2 jar=$3 command=$4 client=${5:+", client: $5"} actual=0
  printf 'data-dir: %s\nroles: [process]\nkafka: {embedded-port: 0}\nschema-registry: {embedded-port: 0%s}\n' "$dir/data" "$client" \
    >"$dir/jobwatch.yaml"
  timeout 90 java -jar "$jar" "$command" -c "$dir/jobwatch.yaml" >"$dir/out" 2>&1 || actual=$?
  if [[ "$actual" != "$status" ]] || ! grep -qF -- "$text" "$dir/out"; then
    cat "$dir/out" >&2
    fail "$command with client '${5-}' exited with $actual and the output above; expected $status and '$text'"
  fi
  printf 'ok  (%s)  %s: %s\n' "$status" "$command${5:+, client $5}" "$text"
}

expect 0 'asked with the client confluent' "$tree/target/jobwatch.jar" setup ''
expect 0 'asked with the client built-in' "$tree/target/jobwatch.jar" setup built-in
expect 2 'mvn -Pconfluent package' target/jobwatch.jar setup confluent
