#!/usr/bin/env bash
# Freezes the schemas of a release: copies them as they are to released/N beside this script, with their SHA-256 sums. From then on a test
# holds every change against them, and fails if one of the copies is touched.
set -euo pipefail

usage() {
  echo "usage: schemas/release.sh N     (N: the number of the version, one more than the last one in schemas/released)" >&2
  exit 2
}

fail() {
  printf 'schemas/release.sh: %s\n' "$*" >&2
  exit 1
}

if (($# != 1)) || ! [[ $1 =~ ^[1-9][0-9]{0,4}$ ]]; then
  usage
fi
version=$1
cd "$(dirname "${BASH_SOURCE[0]}")"

mkdir -p released
last=$(find released -mindepth 1 -maxdepth 1 -type d -printf '%f\n' | sort -n | tail -n 1)
((version > ${last:-0})) || fail "version $version is released already; a released version never changes, the next one is $((last + 1))"
((version == ${last:-0} + 1)) || fail "the next version is $((${last:-0} + 1)), not $version"
if [[ -n $last ]]; then
  (cd "released/$last" && sha256sum --check --quiet --strict SHA256SUMS) || fail "version $last was changed since its release; restore it"
fi

# Under another name until it is whole.
draft=$(mktemp -d "released/.draft.XXXXXX")
trap 'rm -rf "$draft"' EXIT
cp -- *.avsc "$draft"
(cd "$draft" && sha256sum -- *.avsc > SHA256SUMS)
chmod 755 "$draft"
mv -- "$draft" "released/$version"
echo "schemas/released/$version holds $(wc -l < "released/$version/SHA256SUMS") schemas"
