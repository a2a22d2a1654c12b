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
  npm install --prefix "$folder" --no-audit --no-fund --no-save --silent @asyncapi/parser@3.6.3
fi
cp "$here/asyncapi.mjs" "$folder"
node "$folder/asyncapi.mjs" "${2:-$here/../schemas/asyncapi.yaml}"
