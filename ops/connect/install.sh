#!/usr/bin/env bash
# Fetches through Maven, from Maven Central, what the Kafka Connect sink of this folder runs on (about 100 MB):
#   DIR/plugins/debezium-connector-jdbc   Debezium's JDBC sink with its drivers
#   DIR/plugins/apicurio-converter        Apicurio's Avro converter
#   DIR/worker                            a Kafka Connect worker; not needed where there is one
# Usage: ops/connect/install.sh DIR
# Does nothing where all is there, and prints nothing but errors.
set -euo pipefail

debezium=3.6.0.Final
goals=org.apache.maven.plugins:maven-dependency-plugin:3.8.1

die() { # code message
  printf 'ops/connect/install.sh: %s\n' "$2" >&2
  exit "$1"
}

case "$#,${1-}" in
  1,-* | 1,) die 2 'usage: ops/connect/install.sh DIR' ;;
  1,*) ;;
  *) die 2 'usage: ops/connect/install.sh DIR' ;;
esac
mkdir -p "$1"
dir=$(cd "$1" && pwd)
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
command -v "${JAVA_HOME:+$JAVA_HOME/bin/}jar" >/dev/null || die 1 'a JDK is needed: install one (Debian: openjdk-17-jdk-headless) or set JAVA_HOME'
command -v mvn >/dev/null || die 1 'Maven is needed: install it (Debian: maven)'

kafka=$(sed -n 's#^ *<kafka.version>\(.*\)</kafka.version>$#\1#p' "$here/../../pom.xml")
[[ -n "$kafka" ]] || die 1 'pom.xml has no kafka.version'

fetch() { # mvn's arguments
  mvn -q -B "$@" >"$dir/fetch.log" 2>&1 || { tail -n 20 "$dir/fetch.log" >&2; die 1 'it could not be fetched, see above'; }
}

# Made anew when one of the versions or of the lists of jars differs.
made_of=$(printf '%s ' "$debezium" "$kafka"; cat "${BASH_SOURCE[0]}" "$here/converter/pom.xml" "$here/worker/pom.xml")
[[ "$(cat "$dir/made-of" 2>/dev/null)" != "$made_of" ]] || exit 0

rm -rf "$dir/made-of" "$dir/plugins" "$dir/worker" "$dir/list" "$dir/poms"
# From copies of the poms: Maven puts a folder target beside the one it reads, and one called ${project.basedir} where it reads none.
mkdir -p "$dir/poms"
cp -r "$here/converter" "$here/worker" "$dir/poms"
fetch -f "$dir/poms/converter/pom.xml" "$goals:unpack" -Dartifact="io.debezium:debezium-connector-jdbc:$debezium:tar.gz:plugin" \
  -DoutputDirectory="$dir/plugins" -Dmdep.overWriteReleases=true
fetch -f "$dir/poms/converter/pom.xml" "$goals:copy-dependencies" -DincludeScope=runtime -DoutputDirectory="$dir/plugins/apicurio-converter"
fetch -f "$dir/poms/worker/pom.xml" -Dkafka.version="$kafka" "$goals:copy-dependencies" -DincludeScope=runtime -DoutputDirectory="$dir/worker"
# Apicurio's jar does not list its converter as a plugin. With the list (what Kafka's connect-plugin-path.sh would make) a worker need not scan every
# class of every jar, which takes longer than all else at its start.
services=META-INF/services/org.apache.kafka.connect.storage.Converter
mkdir -p "$dir/list/${services%/*}"
echo 'io.apicurio.registry.utils.converter.AvroConverter' >"$dir/list/$services"
"${JAVA_HOME:+$JAVA_HOME/bin/}jar" --create --no-manifest --file "$dir/plugins/apicurio-converter/list-of-plugins.jar" -C "$dir/list" META-INF
[[ -d "$dir/plugins/debezium-connector-jdbc" ]] || die 1 "there is no debezium-connector-jdbc in what was unpacked into $dir/plugins"
printf '%s\n' "$made_of" >"$dir/made-of"
