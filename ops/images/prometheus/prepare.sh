#!/usr/bin/env bash
# Usage: prepare.sh FOLDER       puts the files of the image into FOLDER/rootfs
#        prepare.sh --ingredients says what of this machine it is made of
# The program is Debian's; it needs no library beyond those of the image below.
set -euo pipefail

program=$(command -v prometheus) || { echo 'ops/images/prometheus/prepare.sh: there is no prometheus (Debian: prometheus)' >&2; exit 1; }
if [ "${1-}" = --ingredients ]; then
  sha256sum <"$program"
  exit
fi
mkdir -p "$1/rootfs/bin"
cp "$program" "$1/rootfs/bin/prometheus"
