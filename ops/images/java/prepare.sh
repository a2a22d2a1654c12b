#!/usr/bin/env bash
# Usage: prepare.sh FOLDER       puts the root file system into FOLDER/rootfs
#        prepare.sh --ingredients says what of this machine it is made of
set -euo pipefail

# All of Java SE (log4j needs java.desktop, of all things), and what Kafka, Jetty and the natives need beyond it; jcmd is for whoever looks
# into a container.
readonly modules=java.se,jdk.crypto.ec,jdk.jcmd,jdk.jfr,jdk.management,jdk.naming.dns,jdk.net,jdk.security.auth,jdk.security.jgss,\
jdk.unsupported,jdk.zipfs

die() {
  printf 'ops/images/java/prepare.sh: %s\n' "$*" >&2
  exit 1
}

for tool in jlink busybox bash; do
  command -v "$tool" >/dev/null || die "there is no $tool (Debian: openjdk-17-jdk-headless, busybox-static, bash)"
done

if [ "${1-}" = --ingredients ]; then
  jlink --version
  sha256sum "$(command -v busybox)" "$(command -v bash)" "$(readlink -f /lib/*-linux-gnu/libc.so.6)"
  exit
fi

root=$1/rootfs
mkdir -p "$root"/{bin,etc,root,tmp,usr/bin,var/lib,var/log,opt}
chmod 1777 "$root/tmp"

jlink --add-modules "$modules" --generate-cds-archive --strip-java-debug-attributes --no-header-files --no-man-pages \
  --output "$root/opt/java" >/dev/null
# Debian keeps the certificates it trusts outside of the JDK.
if [ ! -s "$root/opt/java/lib/security/cacerts" ] && [ -s /etc/ssl/certs/java/cacerts ]; then
  rm -f "$root/opt/java/lib/security/cacerts"
  cp /etc/ssl/certs/java/cacerts "$root/opt/java/lib/security/cacerts"
fi

cp "$(readlink -f "$(command -v bash)")" "$root/bin/bash"
cp "$(readlink -f "$(command -v busybox)")" "$root/bin/busybox"
for applet in $("$root/bin/busybox" --list); do
  [ -e "$root/bin/$applet" ] || ln -s busybox "$root/bin/$applet"
done
ln -s /bin/env "$root/usr/bin/env"

# Copies a library to where the loader finds it, under the path by which it is asked for.
library() { # path
  mkdir -p "$root$(dirname "$1")"
  [ -e "$root$1" ] || cp -L "$1" "$root$1"
}
closure() { # file
  ldd "$1" 2>/dev/null | grep -o '/[^ ]*' || true
}
find "$root/opt/java" "$root/bin" -type f \( -name '*.so' -o -perm -u+x \) -print0 | while IFS= read -r -d '' file; do
  closure "$file"
done | grep -v "^$root" | sort -u | while IFS= read -r path; do
  library "$path"
done
# Asked for only once a program runs: names of hosts, and the C++ runtime of the natives that jars bring along (RocksDB, Snappy).
for name in libnss_dns.so.2 libnss_files.so.2 libresolv.so.2 libgcc_s.so.1 libstdc++.so.6 libm.so.6 libdl.so.2 libpthread.so.0 librt.so.1; do
  path=$(ldconfig -p | sed -n "s#^\s*$name .* => ##p" | head -n 1)
  [ -z "$path" ] || { library "$path"; closure "$path" | while IFS= read -r dependency; do library "$dependency"; done; }
done
if [ -d /usr/lib/locale/C.utf8 ]; then
  mkdir -p "$root/usr/lib/locale"
  cp -r /usr/lib/locale/C.utf8 "$root/usr/lib/locale/"
fi

printf 'root:x:0:0:root:/root:/bin/bash\nappuser:x:1000:1000::/home/appuser:/bin/bash\n' >"$root/etc/passwd"
printf 'root:x:0:\nappuser:x:1000:\n' >"$root/etc/group"
printf 'hosts: files dns\n' >"$root/etc/nsswitch.conf"
