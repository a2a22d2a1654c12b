#!/usr/bin/env bash
# Usage: prepare.sh FOLDER       puts the files of the image into FOLDER/rootfs
#        prepare.sh --ingredients says what of this machine it is made of
# The registry and the Java that runs it are those that .ci/apicurio.sh finds: 3.3.3 where there is a Java 21 or later, else 3.0.9, which runs
# on the Java of the image below.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# The variable names the folder of .ci/apicurio.sh, where the caller has one already.
home=${JOBWATCH_APICURIO_HOME-}
fetched=''
trap 'rm -rf "$fetched"' EXIT
if [ -z "$home" ]; then
  fetched=$(mktemp -d)
  home=$fetched
  "$here/../../../.ci/apicurio.sh" "$home"
fi
version=$(basename "$home"/unpacked-*)
version=${version#unpacked-}

# Only 3.3.3 has a Java of its own; a link to it.
java=''
if [ -L "$home/java" ]; then java=$(readlink -f "$home/java"); fi

if [ "${1-}" = --ingredients ]; then
  printf 'apicurio %s\n' "$version"
  [ -z "$java" ] || "$java" --version
  exit
fi

root=$1/rootfs/opt/registry
mkdir -p "$root"
cp -r "$here/rootfs/." "$1/rootfs/"
cp -r "$home"/quarkus-run.jar "$root/"
for folder in app lib quarkus; do
  [ ! -d "$home/$folder" ] || cp -r "$home/$folder" "$root/"
done
if [ -n "$java" ]; then
  "$(dirname "$java")/jlink" --add-modules java.se,jdk.crypto.ec,jdk.management,jdk.net,jdk.unsupported,jdk.zipfs,jdk.jfr,jdk.naming.dns \
    --generate-cds-archive --strip-java-debug-attributes --no-header-files --no-man-pages --output "$root/java" >/dev/null
fi
