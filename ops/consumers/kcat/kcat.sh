#!/usr/bin/env bash
# Shows jobwatch's transitions and error reports with kcat, as far as that goes without Avro: time, key, CloudEvents headers, and the bytes of a
# value. Debian's kcat is built without Avro; --avro is for builds that have it ("Avro" in the last line of kcat -V).
set -euo pipefail

usage() {
  cat <<'USAGE'
usage: kcat.sh --bootstrap HOST:PORT,… [options]            a line a record: topic, partition, offset, time, key, ce_id, ce_type
       kcat.sh --bootstrap … --schemas [options]            a line a record: topic, partition, offset, bytes, id of the schema
       kcat.sh --bootstrap … --value TOPIC:PARTITION:OFFSET the bytes of one value, to look at
       kcat.sh --bootstrap … --registry URL --avro [options] values as JSON; needs a kcat that is built with Avro (not tested)
  --prefix PREFIX   of the topics (default jobwatch.)
  --group NAME      consumer group; it goes on where it ended (default jobwatch-example-kcat)
  --exit-at-end     end when all that is there has been read
  --config FILE     librdkafka's settings, NAME=VALUE (security.protocol, sasl.username, …)
USAGE
}

fail() {
  printf 'kcat.sh: %s\n' "$1" >&2
  exit "${2:-1}"
}

bootstrap='' registry='' prefix=jobwatch. group=jobwatch-example-kcat mode=events value=''
kcat=(kcat -q)
end=()
while (($#)); do
  case "$1" in
    --bootstrap | --registry | --prefix | --group | --config | --value)
      (($# > 1)) || { usage >&2; fail "$1 needs a value" 2; }
      ;;&
    --bootstrap) bootstrap=$2; shift ;;
    --registry) registry=$2; shift ;;
    --prefix) prefix=$2; shift ;;
    --group) group=$2; shift ;;
    --config) kcat+=(-F "$2"); shift ;;
    --value) mode=value value=$2; shift ;;
    --schemas) mode=schemas ;;
    --avro) mode=avro ;;
    --exit-at-end) end=(-e) ;;
    --help) usage; exit 0 ;;
    *) usage >&2; fail "$1 is no option" 2 ;;
  esac
  shift
done
[ -n "$bootstrap" ] || { usage >&2; fail '--bootstrap is needed' 2; }
command -v kcat >/dev/null || fail 'kcat is not there: install it (Debian: kcat)'
kcat+=(-b "$bootstrap")
topics=("${prefix}job-transitions" "${prefix}job-error-reports")

# Says early what else would be waited for in silence: librdkafka tries for ever. A topic that is asked for by name may be made by that.
known=$("${kcat[@]}" -L -J -m 15 2>&1) || fail "no broker at $bootstrap answers: is --bootstrap right? TLS and SASL are set in the file of --config"
for topic in "${topics[@]}"; do
  jq -e --arg topic "$topic" '.topics | any(.topic == $topic)' <<<"$known" >/dev/null \
    || fail "there is no topic $topic, or this user may not see it: is --prefix right? 'jobwatch setup' creates the topics"
done

# Keys hold ids that a service chose: what a terminal would obey, or what hides or turns text, is shown as \u001b.
# shellcheck disable=SC2016  # jq expands it, not the shell
lines='
  def hex: . as $n | [4096, 256, 16, 1] | map(($n / . | floor) % 16 | "0123456789abcdef"[. : . + 1]) | add;
  def utf16: if . > 65535 then (. - 65536 | 55296 + (. / 1024 | floor), 56320 + . % 1024) else . end;
  def escaped: {"\n": "\\n", "\r": "\\r", "\t": "\\t"}[.] // ([explode[] | utf16 | "\\u" + hex] | add);
  def shown: gsub("(?<c>[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}])"; .c | if test("[\u200c\u200d\u00ad]") then . else escaped end);
  def moment: (. / 1000 | floor | strftime("%Y-%m-%dT%H:%M:%S.")) + (. % 1000 + 1000 | tostring)[1:] + "Z";
  (.headers // []) as $h | ([range(0; $h | length; 2) | {key: $h[.], value: $h[. + 1]}] | from_entries) as $header
  | [.topic, .partition, .offset, (.ts | moment), .key, $header.ce_id, $header.ce_type] | map(. // "-" | tostring | shown) | join("\t")'

# follow OPTIONS-OF-KCAT…, what it prints going through the command in ${through[@]}: both have ended when this returns. A signal ends kcat, which leaves its group.
follow() {
  local filter consumer stopped=false status=0
  exec 3> >("${through[@]}")
  filter=$!
  # read_committed is librdkafka's default; said here for those who copy it to another client.
  "${kcat[@]}" -G "$group" -X auto.offset.reset=earliest -X isolation.level=read_committed -u "${end[@]}" "$@" "${topics[@]}" >&3 3>&- &
  consumer=$!
  exec 3>&-
  trap 'stopped=true; kill -TERM "$consumer" 2>/dev/null || true' INT TERM
  wait "$consumer" || status=$?
  if $stopped; then
    wait "$consumer" || true
    status=0
  fi
  wait "$filter" || status=$?
  return "$status"
}

case "$mode" in
  events)
    through=(jq --unbuffered -r "$lines")
    follow -J
    ;;
  schemas)
    # A zero byte and four bytes of id, which kcat prints side by side; the rest is Avro.
    through=(sed -u 's/\t0\([0-9]*\)$/\tschema \1/')
    follow -f '%t\t%p\t%o\t%S\t%s\n' -s 'value=>bI'
    ;;
  value)
    [[ $value =~ ^(.+):([0-9]+):([0-9]+)$ ]] || { usage >&2; fail "--value $value is not TOPIC:PARTITION:OFFSET" 2; }
    "${kcat[@]}" -C -t "${BASH_REMATCH[1]}" -p "${BASH_REMATCH[2]}" -o "${BASH_REMATCH[3]}" -c 1 -e -D '' -f '%s' | od -A d -t x1z
    ;;
  avro)
    [ -n "$registry" ] || { usage >&2; fail '--avro needs --registry' 2; }
    kcat -V 2>&1 | grep -q Avro || fail 'this kcat is built without Avro: build one with libserdes, or use the example in python/, java/ or node/'
    # Plain JSON: what a service wrote is escaped as far as JSON does it.
    through=(cat)
    follow -s value=avro -r "$registry"
    ;;
esac
