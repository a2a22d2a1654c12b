#!/usr/bin/env bash
# Usage: prepare.sh FOLDER       puts the files of the image into FOLDER/rootfs
#        prepare.sh --ingredients says what of the project it is made of
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
version=$(sed -n 's#^ *<kafka.version>\(.*\)</kafka.version>$#\1#p' "$here/../../../pom.xml")
[ -n "$version" ] || { echo 'ops/images/kafka/prepare.sh: pom.xml has no kafka.version' >&2; exit 1; }

if [ "${1-}" = --ingredients ]; then
  printf 'kafka %s\n' "$version"
  exit
fi

cp -r "$here/rootfs" "$1/rootfs"
mvn -B -q -f "$here/pom.xml" -Dkafka.version="$version" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
  -DincludeScope=runtime -DoutputDirectory="$1/rootfs/opt/kafka/libs"
for tool in $(grep -o '^ *kafka-[a-z-]*\.sh)' "$here/rootfs/opt/kafka/bin/kafka-tool.sh" | tr -d ' )'); do
  ln -s kafka-tool.sh "$1/rootfs/opt/kafka/bin/$tool"
done
mkdir -p "$1"/rootfs/{opt/kafka/config,mnt/shared/config,etc/kafka/secrets,var/lib/kafka/data,home/appuser}
