#!/usr/bin/env bash
# Checks what an operator takes from ops/ that no test of Maven's looks at: the unit for systemd, and the table of capacities.
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

ops/capacity.py --check
