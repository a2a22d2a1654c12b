#!/usr/bin/env bash
# How long jobwatch's image takes to start, with the archive of its classes and without, in turns, and what memory it holds then.
# Usage: ops/images/measure.sh [ROUNDS]     (5; JOBWATCH_IMAGE names another image than localhost/jobwatch/jobwatch)
# For each: the wall time of --version with the container's own, and the time until an instance with an embedded broker is ready, by the wall
# and of the processor. On a machine that does other things only the second one says anything. Medians.
set -euo pipefail

rounds=${1-5}
[[ $rounds =~ ^[1-9][0-9]*$ ]] || { echo 'usage: ops/images/measure.sh [ROUNDS]' >&2; exit 2; }
image=${JOBWATCH_IMAGE:-localhost/jobwatch/jobwatch}
work=$(mktemp -d)
container=''
end() {
  [ -z "$container" ] || docker rm -fv "$container" >/dev/null
  rm -rf "$work"
}
trap end EXIT
printf 'data-dir: /var/lib/jobwatch/data\nsources: []\n' >"$work/jobwatch.yaml"
chmod -R a+rX "$work"

millis() {
  echo $(($(date +%s%N) / 1000000))
}

median() { # file
  sort -n "$1" | sed -n "$(((rounds + 1) / 2))p"
}

for ((round = 0; round < rounds; round++)); do
  for share in auto off; do
    started=$(millis)
    docker run --rm --read-only -e JOBWATCH_JAVA_OPTS="-Xshare:$share" "$image" --version >/dev/null
    echo $(($(millis) - started)) >>"$work/version-$share"

    started=$(millis)
    container=$(docker run -d --read-only --memory 512m --no-healthcheck -v "$work/jobwatch.yaml:/etc/jobwatch/jobwatch.yaml:ro" \
      -e JOBWATCH_JAVA_OPTS="-Xshare:$share" "$image")
    until docker exec "$container" /opt/jobwatch/healthcheck >/dev/null 2>&1; do
      [ "$(docker inspect --format '{{.State.Running}}' "$container")" = true ] || { docker logs "$container" >&2; exit 1; }
      sleep 0.1
    done
    echo $(($(millis) - started)) >>"$work/ready-$share"
    # User and system time, in hundredths of a second.
    docker exec "$container" cat /proc/1/stat | awk '{print ($14 + $15) * 10}' >>"$work/cpu-$share"
    docker exec "$container" awk '/^RssAnon/ {print int($2 / 1024)}' /proc/1/status >>"$work/memory-$share"
    docker rm -fv "$container" >/dev/null
    container=''
  done
done
printf '| classes | --version, ms | ready, ms | ready, ms of processor | memory of its own when ready, MB |\n|---|---|---|---|---|\n'
for share in auto off; do
  printf '| -Xshare:%s | %s | %s | %s | %s |\n' "$share" "$(median "$work/version-$share")" "$(median "$work/ready-$share")" \
    "$(median "$work/cpu-$share")" "$(median "$work/memory-$share")"
done
docker image inspect --format 'the image has {{.Size}} bytes' "$image"
