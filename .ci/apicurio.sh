#!/usr/bin/env bash
# Unpacks Apicurio Registry into a folder, for the tests against a real registry: fetched from Maven Central through Maven (158 MB, once).
# Usage: .ci/apicurio.sh DIR
# Afterwards DIR/java is a Java that can run it: one of the machine's, else the newest of Debian's packages is installed. The tests want
#   JOBWATCH_APICURIO_HOME=DIR JOBWATCH_APICURIO_JAVA=DIR/java
# Does nothing where all is there, and prints nothing but errors.
set -euo pipefail

version=3.3.3
# What its class files ask for.
oldest_java=21

die() {
  printf '.ci/apicurio.sh: %s\n' "$*" >&2
  exit 1
}

case "$#,${1-}" in
  1,-* | 1,) die 'usage: .ci/apicurio.sh DIR' ;;
  1,*) ;;
  *) die 'usage: .ci/apicurio.sh DIR' ;;
esac
mkdir -p "$1"
dir=$(cd "$1" && pwd)
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# The feature number of a java executable; 0 where it does not say.
feature() { # java
  local line
  line=$("$1" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.specification\.version = //p') || line=''
  [[ "$line" =~ ^[0-9]+$ ]] || line=0
  printf '%s\n' "$line"
}

# Prints the newest java of the machine that is new enough, and nothing where there is none.
newest_java() {
  local java number best=0 found=''
  for java in /usr/lib/jvm/*/bin/java "$(command -v java || true)"; do
    [[ -x "$java" ]] || continue
    number=$(feature "$java")
    ((number >= oldest_java && number > best)) || continue
    best=$number
    found=$java
  done
  printf '%s' "$found"
}

install_java() {
  local package number
  command -v apt-get >/dev/null || die "Java $oldest_java or later is needed, and there is no apt-get to install one (not a Debian machine)"
  ((EUID == 0)) || die "Java $oldest_java or later is needed, and only root can install one"
  apt-get update -qq
  package=$(apt-cache search --names-only '^openjdk-[0-9]+-jre-headless$' | cut -d ' ' -f 1 | sort -V | tail -n 1)
  number=${package//[^0-9]/}
  ((${number:-0} >= oldest_java)) || die "Java $oldest_java or later is needed under /usr/lib/jvm; the newest of Debian's packages is ${package:-none}"
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >"$dir/install.log" 2>&1 \
    || { tail -n 20 "$dir/install.log" >&2; die "$package could not be installed, see above"; }
}

if [[ ! -x "$dir/java" ]]; then
  java=$(newest_java)
  if [[ -z "$java" ]]; then
    install_java
    java=$(newest_java)
    [[ -n "$java" ]] || die "Java $oldest_java or later is needed under /usr/lib/jvm, and was not found after installing it"
  fi
  ln -sfn "$java" "$dir/java"
fi

if [[ ! -e "$dir/unpacked-$version" ]]; then
  mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.8.1:unpack \
    -Dartifact="io.apicurio:apicurio-registry-app:$version:tar.gz:all" -DoutputDirectory="$dir" -Dmdep.overWriteReleases=true \
    -DmarkersDirectory="$dir/markers" >"$dir/fetch.log" 2>&1 || { tail -n 20 "$dir/fetch.log" >&2; die 'it could not be fetched, see above'; }
  [[ -e "$dir/quarkus-run.jar" ]] || die "there is no quarkus-run.jar in what was unpacked into $dir"
  touch "$dir/unpacked-$version"
fi
