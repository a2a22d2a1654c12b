#!/usr/bin/env bash
# Installs what start.sh needs from Debian's own packages, without letting them start any system daemon.
# Does nothing, and says nothing, when everything is there. Exit 3: it cannot be installed here.
set -euo pipefail

packages=(
  slurmctld slurmd slurmrestd slurm-client slurm-wlm-basic-plugins slurm-wlm-jwt-plugin
  munge curl iproute2
)

cannot() {
  printf 'ops/slurm/install.sh: Slurm cannot be installed here: %s\n' "$1" >&2
  printf 'Needed on a Debian 12 machine, as root: apt-get install --no-install-recommends %s\n' "${packages[*]}" >&2
  exit 3
}

missing() {
  local package
  for package in "${packages[@]}"; do
    [[ "$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)" == "install ok installed" ]] || printf '%s\n' "$package"
  done
}

for tool in dpkg-query apt-get; do
  command -v "$tool" >/dev/null || cannot "there is no $tool (not a Debian machine)"
done
mapfile -t wanted < <(missing)
((${#wanted[@]})) || exit 0
((EUID == 0)) || cannot "not root, and missing: ${wanted[*]}"

# The packages' maintainer scripts ask policy-rc.d whether they may start a daemon; 101 says no.
policy=/usr/sbin/policy-rc.d
log=$(mktemp)
kept=''
restore() {
  rm -f "$log" "$policy"
  [[ -z "$kept" ]] || mv "$kept" "$policy"
}
if [[ -e "$policy" ]]; then
  kept=$(mktemp "$policy.XXXXXX")
  mv "$policy" "$kept"
fi
trap restore EXIT
printf '#!/bin/sh\nexit 101\n' >"$policy"
chmod 755 "$policy"

apt() {
  DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@" >>"$log" 2>&1
}
install() { apt install -y --no-install-recommends "${wanted[@]}"; }

# The package lists on the machine may be old or absent: only then is an update worth its time.
if ! install && ! { apt update && install; }; then
  tail -n 20 "$log" >&2
  cannot "apt-get failed on: ${wanted[*]}"
fi
printf 'Installed %s\n' "${wanted[*]}"
