#!/usr/bin/env bash
# Measures jobwatch's topology and prints the result as Markdown; README.md beside this file says what the numbers mean.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: ops/bench/run.sh MODE [OPTION...]

  throughput   events a second beside a bare loop and a DSL program   (12 minutes)
  scale        speed, memory and recovery by the size of the store    (10 minutes)
  latency      how late transitions are, by the commit interval       (7 minutes)
  polling      requests, bytes and lateness of polling                (6 minutes)
  queries      answers a second beside a bare handler and the stream  (15 minutes)
  profile      where a contestant's time goes                         (2 minutes)
  all          all of these but the profile, recorded in RESULTS.md
  dose         a small dose of all of them: does it still work?       (5 minutes)

Options go to the mode; MODE --help lists them, such as:
  throughput --jobs 50000 --rounds 1 --contestants LOOP,ROCKSDB
  scale --sizes 10000,100000
  latency --rate 2000 --commit-intervals 100
  profile --contestant DSL
  queries --sizes 10000 --rate 500 --connections 8
  throughput|scale|latency|polling|queries --record ops/bench/RESULTS.md
TEXT
}

cd "$(dirname "${BASH_SOURCE[0]}")/../.."

bench() {
  mvn -q -B -Pbench verify -Dbench.args="$*"
}

mode=${1:-}
case $mode in
  throughput | scale | latency | polling | queries | profile)
    bench "$@"
    ;;
  all)
    for each in throughput scale latency polling queries; do
      bench "$each" --record ops/bench/RESULTS.md
    done
    ;;
  dose)
    # In one go: each start of Maven costs as much as a dose.
    bench throughput --jobs 6000 --rounds 1 --contestants LOOP,ROCKSDB \
      next scale --sizes 2000 --updates 4000 \
      next polling --sources 20 --big-jobs 1000 --big-interval 2500 --warm-up 2 --seconds 6 \
      next latency --warm-up 2 --seconds 3 --commit-intervals 100 \
      next queries --sizes 1000 --rate 200 --rounds 1 --seconds 1 --warm-up 0 --paced 50
    ;;
  -h | --help)
    usage
    ;;
  *)
    usage >&2
    exit 2
    ;;
esac
