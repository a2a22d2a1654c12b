#!/usr/bin/env bash
# Usage: prepare.sh FOLDER       lays the files of the image out in FOLDER/rootfs; FOLDER/build.args says on which images it is built
#        prepare.sh --ingredients says what of the project it is made of
# Builds target/jobwatch.jar first where it is not there or a source is newer.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
project=$(cd "$here/../../.." && pwd)
# The launcher knows what makes the jar stale.
"$project/jobwatch" --version >/dev/null

if [ "${1-}" = --ingredients ]; then
  sha256sum <"$project/target/jobwatch.jar"
  exit
fi

"$here/layout.sh" "$project/target/jobwatch.jar" "$1/rootfs"
{
  echo BUILD_IMAGE=localhost/jobwatch/java
  echo JAVA_IMAGE=localhost/jobwatch/java
  echo "CREATED=$(date -u +%Y-%m-%dT%H:%M:%SZ)"
  ! revision=$(git -C "$project" rev-parse HEAD 2>/dev/null) || echo "REVISION=$revision"
} >"$1/build.args"
