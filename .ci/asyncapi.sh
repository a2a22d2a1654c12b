#!/usr/bin/env bash
# Validates schemas/asyncapi.yaml with AsyncAPI's own parser, which it installs into a folder.
#
# usage: .ci/asyncapi.sh FOLDER [DOCUMENT]
set -euo pipefail

if (($# < 1 || $# > 2)); then
  echo "usage: .ci/asyncapi.sh FOLDER [DOCUMENT]" >&2
  exit 2
fi
folder=$1/asyncapi
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

mkdir -p "$folder"
if ! [ -d "$folder/node_modules/@asyncapi/parser" ]; then
  # Newer versions of jsep are not meant for Node 18, which Debian 12 has; the parser takes both.
  echo '{"private": true, "dependencies": {"@asyncapi/parser": "3.6.3"}, "overrides": {"jsep": "1.4.0"}}' >"$folder/package.json"
  npm install --prefix "$folder" --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error >"$folder/npm.log" 2>&1 || {
    cat "$folder/npm.log" >&2
    echo "$0: npm could not install AsyncAPI's parser, see above" >&2
    exit 1
  }
fi
cp "$here/asyncapi.mjs" "$folder"
node "$folder/asyncapi.mjs" "${2:-$here/../schemas/asyncapi.yaml}"
