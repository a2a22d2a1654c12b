#!/usr/bin/env bash
# Makes prometheus and promtool available as DIR/bin/prometheus and DIR/bin/promtool: those of this machine, or those of Debian's package, which is only
# unpacked. Installed, it would start a service and take port 9090. Usage: .ci/prometheus.sh DIR
set -euo pipefail

if [ $# != 1 ]; then
  echo 'usage: .ci/prometheus.sh DIR' >&2
  exit 2
fi
mkdir -p "$1/bin"
cd "$1"

if command -v prometheus >/dev/null && command -v promtool >/dev/null; then
  ln -sf "$(command -v prometheus)" "$(command -v promtool)" bin/
elif [ ! -x bin/promtool ]; then
  # apt's own user, which would fetch it otherwise, cannot write here.
  apt-get -o APT::Sandbox::User=root download -qq prometheus 2>download.log \
    || { apt-get update -qq && apt-get -o APT::Sandbox::User=root download -qq prometheus 2>>download.log; } \
    || { cat download.log >&2; exit 1; }
  dpkg-deb -x prometheus_*.deb package
  mv package/usr/bin/prometheus package/usr/bin/promtool bin/
  rm -rf package prometheus_*.deb
fi
bin/promtool --version 2>&1 | head -n 1
