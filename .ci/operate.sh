#!/usr/bin/env bash
# Checks what an operator takes from ops/ that no test of Maven's looks at: the unit for systemd, how long a stop may take, and the table of
# capacities.
# Usage: .ci/operate.sh DIR     (DIR: scratch)
set -euo pipefail

if (($# != 1)); then
  echo "usage: .ci/operate.sh DIR     (DIR: an existing folder for scratch)" >&2
  exit 2
fi
scratch=$1
cd "$(dirname "${BASH_SOURCE[0]}")/.."

fail() {
  printf '.ci/operate.sh: %s\n' "$*" >&2
  exit 1
}

# systemd looks whether the program of a service is there; Java may be elsewhere on this machine.
java=$(command -v java) || fail 'no java is there (Debian: openjdk-17-jdk-headless)'
page=ops/systemd/jobwatch.service
unit=$scratch/jobwatch.service
grep -q '^ExecStart=/usr/bin/java ' "$page" || fail "$page does not start /usr/bin/java"
sed "s#^ExecStart=/usr/bin/java #ExecStart=$java #" "$page" >"$unit"

# systemd ignores a key that it does not know and says so; that is no failure to it.
said=$(systemd-analyze verify "$unit" 2>&1) || fail "systemd-analyze verify $unit failed: $said"
[ -z "$said" ] || fail "systemd-analyze verify $unit says: $said"
echo "ok systemd understands every line of $page"
# 0 is no exposure, 100 all of it; a service without any protection has 96.
systemd-analyze security --offline=true --threshold=20 "$unit" >"$scratch/security.txt" 2>&1 \
  || fail "$page protects less than it did: $(cat "$scratch/security.txt")"
echo "ok $(tail -n 1 "$scratch/security.txt" | grep -o 'Overall.*: [0-9.]*')"

# An instance on a cluster ends in five stages that can take time: the roles, two clients of the registry, the metrics, the data folder. Before
# that, 5 s pass on Kubernetes until nobody is sent to it.
each=$(sed -n 's/.*EACH_WITHIN = Duration.ofSeconds(\([0-9]*\));.*/\1/p' src/main/java/io/jobwatch/cli/Closing.java)
[ -n "$each" ] || fail 'src/main/java/io/jobwatch/cli/Closing.java does not tell EACH_WITHIN in seconds'
stop=$((5 * each + 5))

says() { # file, how it says the time with SECONDS in its place: each time that is there must be the one, and one must be
  local found
  found=$(grep -oE -- "${2/SECONDS/[0-9]+}" "$1" | grep -oE '[0-9]+' | sort -u | tr '\n' ' ')
  [ "$found" = "$stop " ] || fail "$1 lets a stop take ${found:-nothing }s (${2}); it may take $stop s, by Closing"
}
says ops/systemd/jobwatch.service '^TimeoutStopSec=SECONDS$'
says ops/kubernetes/base/statefulset.yaml 'terminationGracePeriodSeconds: SECONDS$'
says ops/kubernetes/README.md 'terminationGracePeriodSeconds: SECONDS'
says ops/README.md '--stop-timeout SECONDS'
says ops/README.md 'Give it SECONDS s'
says ops/images/README.md '--(stop-timeout|time) SECONDS'
sed -n '/^x-jobwatch:/,/^[a-wyz]/p' docker-compose.yml >"$scratch/docker-compose.yml"     # without what is Kafka's
says "$scratch/docker-compose.yml" 'stop_grace_period: SECONDSs'
echo "ok everywhere a stop may take $stop s"

ops/capacity.py --check
