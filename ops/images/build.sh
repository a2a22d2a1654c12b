#!/usr/bin/env bash
# Builds container images without an image registry, from this machine's JDK and shell and from Maven's artifacts, for tests where the
# official images cannot be pulled. Usage: ops/images/build.sh [--again] NAME...
#
# NAME is a folder beside this script, built as localhost/jobwatch/NAME (a name that no engine looks up elsewhere): its prepare.sh puts into
# the folder it is given what its Dockerfile copies, and into build.args there the build arguments, NAME=VALUE, one a line, if it takes any.
# What an image stands on is named before it: ops/images/build.sh java kafka; java jobwatch
# An image whose ingredients are those of the last build is left as it is; --again builds it all the same.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly label=io.jobwatch.ingredients

die() {
  printf 'ops/images/build.sh: %s\n' "$*" >&2
  exit 1
}

again=false
if [ "${1-}" = --again ]; then
  again=true
  shift
fi
[ $# -gt 0 ] || die 'name what to build, for example: java kafka'
docker info >/dev/null 2>&1 || die 'no Docker engine answers: start one (.ci/engine.sh start DIR), or name it in DOCKER_HOST'

label_of() { # image
  docker image inspect --format "{{index .Config.Labels \"$label\"}}" "$1" 2>/dev/null
}

# What decides the content of an image: its files, what prepare.sh says it takes from elsewhere, and the image below.
ingredients() { # name below
  {
    find "$here/$1" -type f -print0 | sort -z | xargs -0 sha256sum | sed "s#$here##"
    "$here/$1/prepare.sh" --ingredients
    printf '%s\n' "$2"
  } | sha256sum | cut -d ' ' -f 1
}

below=''
context=''
trap 'rm -rf "$context"' EXIT
for name in "$@"; do
  [ -f "$here/$name/Dockerfile" ] || die "there is no ops/images/$name/Dockerfile"
  image=localhost/jobwatch/$name
  wanted=$(ingredients "$name" "$below")
  below=$wanted
  if ! "$again" && [ "$(label_of "$image")" = "$wanted" ]; then
    printf '%s is there already\n' "$image"
    continue
  fi
  context=$(mktemp -d)
  "$here/$name/prepare.sh" "$context"
  cp "$here/$name/Dockerfile" "$context/"
  arguments=()
  if [ -f "$context/build.args" ]; then
    while IFS= read -r argument; do arguments+=(--build-arg "$argument"); done <"$context/build.args"
    rm "$context/build.args"
  fi
  # The builder that every engine has; BuildKit's client is a package of its own, and Debian 12 has none.
  DOCKER_BUILDKIT=0 docker build --quiet --force-rm "${arguments[@]}" --label "$label=$wanted" --tag "$image" "$context" \
    >"$context.log" 2>&1 \
    || { cat "$context.log" >&2; rm -f "$context.log"; die "docker build of $image failed, see above"; }
  rm -rf "$context" "$context.log"
  printf '%s built in %s s, %s MB\n' "$image" "$SECONDS" "$(($(docker image inspect --format '{{.Size}}' "$image") / 1000000))"
done
