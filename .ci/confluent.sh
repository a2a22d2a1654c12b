#!/usr/bin/env bash
# Makes a throw-away local Maven repository that holds Confluent's client of the Schema Registry, which is not on Maven Central: for builds
# with the profile confluent, and for examples that use it, on machines that reach Maven Central only.
# Usage: .ci/confluent.sh DIR, then mvn -Dmaven.repo.local=DIR …
# DIR gets hard links to all that Maven's local repository holds, which stays as it is, and the client's two jars out of a zip that is on
# Maven Central, where Trino ships them. Repeating it brings DIR up to date. Prints nothing but errors.
set -euo pipefail

# What the zip of this version of Trino's plugin holds.
trino=454
confluent=7.5.1
guava=33.2.1-jre
failureaccess=1.0.2

die() {
  printf '.ci/confluent.sh: %s\n' "$*" >&2
  exit 1
}

case "$#,${1-}" in
  1,-* | 1,) die 'usage: .ci/confluent.sh DIR' ;;
  1,*) ;;
  *) die 'usage: .ci/confluent.sh DIR' ;;
esac
mkdir -p "$1"
dir=$(cd "$1" && pwd)
cd "$(dirname "${BASH_SOURCE[0]}")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# property NAME: one of the project's
property() {
  local value
  value=$(sed -n "s|^ *<$1>\(.*\)</$1>\$|\1|p" pom.xml | head -n 1)
  [[ -n "$value" ]] || die "pom.xml has no property $1"
  printf '%s' "$value"
}

# dependency GROUP ARTIFACT VERSION [MORE]
dependency() {
  printf '<dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version>%s</dependency>\n' "$1" "$2" "$3" "${4-}"
}
# An element MORE of a dependency: leave out what it depends on.
alone='<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>'

# pom GROUP ARTIFACT VERSION: dependencies come from standard input
pom() {
  printf '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>\n'
  printf '<groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version>\n<dependencies>\n' "$1" "$2" "$3"
  cat
  printf '</dependencies></project>\n'
}

{
  dependency io.trino trino-kafka "$trino" "<type>zip</type>$alone"
  dependency com.google.guava guava "$guava" "$alone"
  dependency com.google.guava failureaccess "$failureaccess" "$alone"
  # What ops/consumers/java logs with; all else that it is built of and with is this project's.
  dependency org.slf4j slf4j-simple "$(property slf4j.version)"
} | pom localhost fetch 1 >"$work/pom.xml"
mvn -q -B -f "$work/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath -Dmdep.outputFile="$work/files" \
  >"$work/log" 2>&1 || { tail -n 20 "$work/log" >&2; die 'what is needed could not be fetched, see above'; }
zip=$(tr ':' '\n' <"$work/files" | grep -F "trino-kafka-$trino.zip")
repository=${zip%/io/trino/trino-kafka/*}

cp -al --no-clobber "$repository/." "$dir" 2>/dev/null || cp -a --no-clobber "$repository/." "$dir"
# Maven writes into these in place, so they must be copies: sed makes a new file of each.
find "$dir" -type f \( -name _remote.repositories -o -name resolver-status.properties -o -name 'maven-metadata*' -o -name '*.lastUpdated' \) \
  -links +1 -print0 | xargs -0 -r sed -i -e ''

(cd "$work" && jar xf "$zip" "trino-kafka-$trino/kafka-schema-registry-client-$confluent.jar" "trino-kafka-$trino/common-utils-$confluent.jar")
install_into() { # artifact; its dependencies come from standard input
  local to=$dir/io/confluent/$1/$confluent
  mkdir -p "$to"
  cp "$work/trino-kafka-$trino/$1-$confluent.jar" "$to"
  pom io.confluent "$1" "$confluent" >"$to/$1-$confluent.pom"
}
dependency org.slf4j slf4j-api "$(property slf4j.version)" | install_into common-utils
# Those without which it does not run; its real pom names some more.
{
  dependency io.confluent common-utils "$confluent"
  dependency com.google.guava guava "$guava" "$alone"
  dependency com.google.guava failureaccess "$failureaccess" "$alone"
  dependency com.fasterxml.jackson.core jackson-databind "$(property jackson.version)"
  dependency org.apache.avro avro "$(property avro.version)"
  dependency org.apache.kafka kafka-clients "$(property kafka.version)"
  dependency org.slf4j slf4j-api "$(property slf4j.version)"
} | install_into kafka-schema-registry-client
