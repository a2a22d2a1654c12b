#!/usr/bin/env bash
# token.sh DIR [LIFESPAN [USER]]: prints a new token for a running instance; LIFESPAN in seconds (86400), USER root.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=common.sh
source "$here/common.sh"

(($# >= 1 && $# <= 3)) || die 2 'usage: token.sh DIR [LIFESPAN [USER]]'
dir=$(instance_dir "$1")
unset SLURM_JWT     # with one set, scontrol would ask with it, and it may have expired
token=$(SLURM_CONF="$dir/etc/slurm.conf" timeout 10 scontrol token lifespan="${2:-86400}" username="${3:-root}") ||
  die 1 "no token from the Slurm in $dir; does it run?"
printf '%s\n' "${token#SLURM_JWT=}"
