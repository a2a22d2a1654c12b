#!/usr/bin/env bash
# Runs the consumers of ops/consumers on what a demo leaves in its topics, and holds what they print against jobwatch's HTTP API: every transition
# and every report, with its fields, exactly once. Then on topics with aborted transactions and hostile text.
# Usage: .ci/consumers.sh DIR [REPOSITORY]
#   DIR: scratch; REPOSITORY: what .ci/confluent.sh has made already (made in DIR)
set -euo pipefail
export LC_ALL=C.UTF-8

cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=.ci/functions.sh
. .ci/functions.sh
case "$#,${1-}" in
  1,[!-]* | 2,[!-]*) ;;
  *)
    echo 'usage: .ci/consumers.sh DIR [REPOSITORY]' >&2
    exit 2
    ;;
esac
mkdir -p "$1"
work=$(cd "$1" && pwd)
repository=${2:-$work/m2}

./jobwatch demo --jobs 40 --speed 10 --port 0 --data-dir "$work/data" >"$work/demo" 2>&1 &
pids+=($!)

# Built beside the sources, as users would in them.
cp -r ops/consumers/java ops/consumers/node "$work"
rm -rf "$work/java/target" "$work/node/node_modules"
(cd "$work/node" && npm install --no-package-lock --ignore-scripts --no-audit --no-fund >"$work/npm" 2>&1) \
  || { cat "$work/npm" >&2; fail 'npm install'; }
[ $# = 2 ] || .ci/confluent.sh "$repository"
mvn -o -q -B -f "$work/java/pom.xml" -Dmaven.repo.local="$repository" package

until_seen "$work/demo" 'Ctrl-C ends it.' 90
kafka=$(sed -n 's/^  kafka *//p' "$work/demo")
registry=$(sed -n 's/^  registry *//p' "$work/demo")
console=$(sed -n 's/^  console *//p' "$work/demo")

# The registry is behind a guard that asks for credentials, which come from the files of settings, as others do.
: >"$work/guarded"
.ci/consumers.py guard "$registry" >"$work/guarded" &
pids+=($!)
until_seen "$work/guarded" http 20
guarded=$(cat "$work/guarded")
printf '# of the broker\nsecurity.protocol=PLAINTEXT\n' >"$work/config"
{ cat "$work/config"; printf '\nschema.registry.basic.auth.user.info = reader:secret\n'; } >"$work/properties"
# The Java consumer gets a record at a time: in one gulp everything is there before the end is looked for.
{ cat "$work/properties"; printf 'schema.registry.basic.auth.credentials.source=USER_INFO\nmax.poll.records=1\n'; } >"$work/java.properties"
consumers=(java python node kcat)
# consumer NAME OPTIONS…: replaces this shell
consumer() {
  local name=$1 cluster=(--bootstrap "$kafka" --registry "$guarded")
  shift
  case "$name" in
    java) exec java -XX:TieredStopAtLevel=1 -jar "$work/java/target/jobwatch-example-consumer.jar" "${cluster[@]}" \
      --properties "$work/java.properties" "$@" ;;
    python) exec ops/consumers/python/consumer.py "${cluster[@]}" --properties "$work/properties" "$@" ;;
    node) exec node "$work/node/consumer.js" "${cluster[@]}" --properties "$work/properties" "$@" ;;
    kcat) exec ops/consumers/kcat/kcat.sh --bootstrap "$kafka" --config "$work/config" "$@" ;;
  esac
}

# each RUN GROUP OPTIONS…: all consumers at once, each in a group of its own, into $work/RUN.NAME; each must exit with 0
each() {
  local run=$1 group=$2 name i status started=()
  shift 2
  for name in "${consumers[@]}"; do
    (consumer "$name" --group "$group-$name" "$@" >"$work/$run.$name" 2>"$work/$run.$name.err") &
    started+=($!)
  done
  pids+=("${started[@]}")
  for i in "${!started[@]}"; do
    status=0
    wait "${started[i]}" || status=$?
    [ "$status" = 0 ] || { cat "$work/$run.${consumers[i]}.err" >&2; fail "$run: ${consumers[i]} exited with $status"; }
  done
}

# compare RUN EXPECTED KEYS: what each printed, in any order, but as often
compare() {
  local name
  sort "$2" >"$work/sorted"
  for name in "${consumers[@]}"; do
    if [ "$name" = kcat ]; then
      cut -f 1,5 "$work/$1.kcat" | sed 's/^[a-z]*\.//' | sort | diff "$work/sorted.keys" - || fail "$1: kcat shows other keys: < expected, > shown"
    else
      sort "$work/$1.$name" | diff "$work/sorted" - || fail "$1: $name prints other lines: < expected, > printed"
    fi
    printf 'ok  %-9s %-7s %s lines\n' "$1" "$name" "$(wc -l <"$work/$1.$name")"
  done
}

# Those that follow, from the beginning of the run until they have seen all.
followers=()
for name in "${consumers[@]}"; do
  (consumer "$name" --group "follow-$name" >"$work/follow.$name" 2>"$work/follow.$name.err") &
  followers+=($!)
done
pids+=("${followers[@]}")
until_seen "$work/demo" 'The topics and the simulator agree.' 120
.ci/consumers.py truth "$console" >"$work/truth"
grep -q '^report.*ERROR.*: ' "$work/truth" || fail 'no job failed'
grep -q '^report.*CANCELED' "$work/truth" || fail 'no job was canceled'
sed 's/^transition/job-transitions/; s/^report/job-error-reports/' "$work/truth" | cut -f 1,3 | sort >"$work/sorted.keys"
wanted=$(wc -l <"$work/truth")
waited=0
for name in "${consumers[@]}"; do
  until [ "$(wc -l <"$work/follow.$name")" -ge "$wanted" ]; do
    sleep 0.2
    waited=$((waited + 1))
    [ "$waited" -lt 300 ] || { cat "$work/follow.$name.err" >&2; fail "$name follows, and has $(wc -l <"$work/follow.$name") of $wanted lines"; }
  done
done
for i in "${!consumers[@]}"; do
  kill -TERM "${followers[i]}"
  status=0
  wait "${followers[i]}" || status=$?
  [ "$status" = 0 ] || { cat "$work/follow.${consumers[i]}.err" >&2; fail "${consumers[i]} ended with $status on SIGTERM"; }
done
compare follow "$work/truth"
[ -z "$(cut -f 6 "$work/follow.kcat" | sort | uniq -d)" ] || fail "ce_id repeats: $(cut -f 6 "$work/follow.kcat" | sort | uniq -d | head -n 3)"

# Those that end at the end, and go on there: the second time there is nothing more.
each end ended --exit-at-end
compare end "$work/truth"
each again ended --exit-at-end
for name in "${consumers[@]}"; do
  [ ! -s "$work/again.$name" ] || fail "$name did not go on where it ended, and prints $(head -n 1 "$work/again.$name")"
done

/usr/bin/python3 .ci/consumers.py write "$kafka" "$registry" "$work"
sort "$work/keys" >"$work/sorted.keys"
all=$(for topic in job-transitions job-error-reports; do
  kcat -q -C -b "$kafka" -t "test.$topic" -o beginning -e -X isolation.level=read_uncommitted -f '%o\n'
done | wc -l)
[ "$all" = "$(cat "$work/all")" ] || fail "there are $all records with the aborted ones, not $(cat "$work/all"): this says nothing of them"
each aborted aborted --prefix test. --exit-at-end
compare aborted "$work/expected"
for name in java python node; do
  grep -q 'left out test.job-transitions-1, offset .: not in the Confluent wire format: 8 bytes, the first is 1' "$work/aborted.$name.err" \
    || { cat "$work/aborted.$name.err" >&2; fail "$name does not say what it left out"; }
done
(consumer java --prefix test. --group dedup --exit-at-end --dedup) 2>/dev/null | sort | diff <(sort -u "$work/expected") - \
  || fail '--dedup: < expected, > printed'
# A program that was written when there was one state less.
mkdir -p "$work/schemas"
cp schemas/*.avsc "$work/schemas"
jq 'del(.symbols[] | select(. == "CANCELED"))' schemas/JobState.avsc >"$work/schemas/JobState.avsc"
(consumer python --prefix test. --group resolved --exit-at-end --schemas "$work/schemas") 2>/dev/null | sort \
  | diff <(sed 's/-> CANCELED$/-> UNKNOWN/' "$work/expected" | sort) - || fail '--schemas: < expected, > printed'

for name in java python node; do
  status=0
  # The last word is heeded: a file without credentials.
  (consumer "$name" --prefix test. --group unknown --exit-at-end --properties "$work/config") >"$work/out" 2>&1 || status=$?
  if [ "$status" != 1 ] || ! grep -qE "registry .*(401|Unauthorized)" "$work/out"; then
    cat "$work/out" >&2
    fail "$name exited with $status where the registry asks for credentials, with the output above"
  fi
done
for name in "${consumers[@]}"; do
  status=0
  (consumer "$name" --prefix nowhere.) >"$work/out" 2>&1 || status=$?
  if [ "$status" != 1 ] || ! grep -q "there is no topic nowhere.job-transitions.*'jobwatch setup' creates the topics" "$work/out"; then
    cat "$work/out" >&2
    fail "$name exited with $status where there are no topics, with the output above"
  fi
done
echo 'ok  restarts, aborted transactions, hostile text, repetitions, a reader'"'"'s schema, credentials, topics that are not there'
