#!/bin/bash
# The service "replicas" of docker-compose.yml, for the profile "cluster": every partition of every topic gets a replica on each broker, led by
# another one in turn, and a record is taken when two have it. Topics that jobwatch makes as it starts are waited for. Doing it again
# changes nothing, and where all is as it should be, nothing is moved.
# Usage: replicas.sh BOOTSTRAP
set -euo pipefail

bootstrap=$1
brokers=(1 2 3)
readonly quiet_rounds=2 pause=5

tool() {
  local name=$1
  shift
  "/opt/kafka/bin/$name" --bootstrap-server "$bootstrap" "$@"
}

# For each partition that lacks a replica, an entry of a plan; the leaders take turns.
plan() {
  local topic partition replicas size=${#brokers[@]} i entries=()
  while read -r topic partition replicas; do
    [ "$(tr ',' '\n' <<<"$replicas" | grep -c .)" -lt "$size" ] || continue
    local list=()
    for ((i = 0; i < size; i++)); do list+=("${brokers[(partition + i) % size]}"); done
    entries+=("{\"topic\":\"$topic\",\"partition\":$partition,\"replicas\":[$(IFS=,; printf '%s' "${list[*]}")]}")
  done < <(tool kafka-topics.sh --describe \
    | sed -n 's/^[[:space:]]*Topic: \([^[:space:]]*\)[[:space:]]*Partition: \([0-9]*\)[[:space:]].*[[:space:]]Replicas: \([0-9,]*\).*/\1 \2 \3/p')
  ((${#entries[@]} == 0)) || printf '{"version":1,"partitions":[%s]}' "$(IFS=,; printf '%s' "${entries[*]}")"
}

file=$(mktemp)
quiet=0
while ((quiet < quiet_rounds)); do
  plan >"$file"
  if [ ! -s "$file" ]; then
    quiet=$((quiet + 1))
    ((quiet == quiet_rounds)) || sleep "$pause"
    continue
  fi
  quiet=0
  echo "giving three replicas to $(grep -o '"topic":"[^"]*"' "$file" | sort -u | cut -d '"' -f 4 | tr '\n' ' ')"
  tool kafka-reassign-partitions.sh --reassignment-json-file "$file" --execute >"$file.log" 2>&1 || { cat "$file.log" >&2; exit 1; }
  until tool kafka-reassign-partitions.sh --reassignment-json-file "$file" --verify >"$file.log" 2>&1 \
      && ! grep -q 'still in progress' "$file.log"; do
    sleep 1
  done
done

# Only now: before, a record would have waited for a second replica that nobody keeps. For all topics, also those to come: of one that has
# fewer replicas a broker does not ask for more than those (Partition.effectiveMinIsr, from Kafka 3.7 on), so it can be written to.
tool kafka-configs.sh --alter --entity-type brokers --entity-default --add-config min.insync.replicas="$((${#brokers[@]} - 1))"
# This one has been given a setting of its own when it was made.
tool kafka-configs.sh --alter --entity-type topics --entity-name __transaction_state --add-config min.insync.replicas="$((${#brokers[@]} - 1))"
echo 'every topic has three replicas, and a record counts when two have it'
