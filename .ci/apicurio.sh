#!/usr/bin/env bash
# Unpacks Apicurio Registry into a folder, for the tests against a real registry: fetched from Maven Central through Maven (158 or 109 MB, once).
# Usage: .ci/apicurio.sh DIR [VERSION]
#   VERSION: 3.3.3, which needs Java 21, or 3.0.9, the last one on Maven Central that Java 17 runs; without it 3.3.3 where there is such a Java, else
#            3.0.9, for Debian 12 has no later Java than 17. Both are what jobwatch is tested with.
# Afterwards DIR/java runs it: the newest Java of the machine, or for 3.0.9 the one that builds jobwatch. The tests want
#   JOBWATCH_APICURIO_HOME=DIR JOBWATCH_APICURIO_JAVA=DIR/java
# Does nothing where all is there, and prints nothing but errors.
set -euo pipefail

die() {
  printf '.ci/apicurio.sh: %s\n' "$*" >&2
  exit 1
}

usage='usage: .ci/apicurio.sh DIR [3.3.3 | 3.0.9]'
case "$#,${1-}" in
  1,[!-]* | 2,[!-]*) ;;
  *) die "$usage" ;;
esac
version=${2-}
case "$version" in
  '' | 3.3.3 | 3.0.9) ;;
  *) die "$usage" ;;
esac
mkdir -p "$1"
dir=$(cd "$1" && pwd)
cd "$(dirname "${BASH_SOURCE[0]}")/.."

for there in "$dir"/unpacked-*; do
  [[ -e "$there" ]] || continue
  [[ "${version:-${there##*/unpacked-}}" == "${there##*/unpacked-}" ]] || die "$dir holds ${there##*/unpacked-}; name another folder for $version"
  [[ ! -x "$dir/java" ]] || exit 0
done

# The feature number of a java executable; 0 where it does not say.
feature() { # java
  local line
  line=$("$1" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.specification\.version = //p') || line=''
  [[ "$line" =~ ^[0-9]+$ ]] || line=0
  printf '%s\n' "$line"
}

# Prints the newest of some java executables that is new enough, and nothing where there is none.
newest() { # feature number, java…
  local java number best=$(($1 - 1)) found=''
  shift
  for java in "$@"; do
    [[ -x "$java" ]] || continue
    number=$(feature "$java")
    ((number > best)) || continue
    best=$number
    found=$java
  done
  printf '%s' "$found"
}

own=${JAVA_HOME:+$JAVA_HOME/bin/java}
own=${own:-$(command -v java || true)}
java=''
[[ "$version" == 3.0.9 ]] || java=$(newest 21 "$own" /usr/lib/jvm/*/bin/java)
if [[ -n "$java" ]]; then
  version=3.3.3
elif [[ "$version" == 3.3.3 ]]; then
  die '3.3.3 needs Java 21 or later, and none is found by JAVA_HOME, on the PATH or under /usr/lib/jvm; 3.0.9 runs on Java 17'
else
  version=3.0.9
  java=$(newest 17 "$own")
  [[ -n "$java" ]] || die 'Java 17 or later is needed, and none is found by JAVA_HOME or on the PATH'
fi

if [[ ! -e "$dir/unpacked-$version" ]]; then
  # The pom of 3.0.9 names a parent that is not on Maven Central. So Maven is run in that parent's place, where it takes it to be: in what it builds.
  printf '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>\n' >"$dir/pom.xml"
  printf '<groupId>io.apicurio</groupId><artifactId>apicurio-registry</artifactId><version>%s</version><packaging>pom</packaging></project>\n' \
    "$version" >>"$dir/pom.xml"
  mvn -q -B -f "$dir/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:unpack \
    -Dartifact="io.apicurio:apicurio-registry-app:$version:tar.gz:all" -DoutputDirectory="$dir" -Dmdep.overWriteReleases=true \
    -DmarkersDirectory="$dir/markers" >"$dir/fetch.log" 2>&1 || { tail -n 20 "$dir/fetch.log" >&2; die 'it could not be fetched, see above'; }
  [[ ! -e "$dir/apicurio-registry-app-$version-runner.jar" ]] || mv "$dir/apicurio-registry-app-$version-runner.jar" "$dir/quarkus-run.jar"
  [[ -e "$dir/quarkus-run.jar" ]] || die "there is no quarkus-run.jar in what was unpacked into $dir"
fi
rm -f "$dir/java"
if [[ "$version" == 3.0.9 ]]; then
  # It would not log where it listens.
  printf '#!/bin/sh\nexec "%s" -Dquarkus.log.category.\\"io.quarkus\\".level=INFO "$@"\n' "$java" >"$dir/java"
  chmod +x "$dir/java"
else
  ln -s "$java" "$dir/java"
fi
touch "$dir/unpacked-$version"
