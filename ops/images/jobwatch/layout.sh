#!/usr/bin/env bash
# Lays out the files of the image from the jar, and tries its native libraries. Usage: ops/images/jobwatch/layout.sh JAR FOLDER
# Needs a JDK of the platform that the image is for.
set -euo pipefail

[ $# = 2 ] || { echo 'usage: ops/images/jobwatch/layout.sh JAR FOLDER' >&2; exit 2; }
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "$2"
cp -r "$here/rootfs/." "$2/"
home=$2/opt/jobwatch
java "$here/Layout.java" "$1" "$home"
java -Djava.library.path="$home/lib" -DZstdNativePath="$home/lib/libzstd-jni.so" -Dorg.xerial.snappy.use.systemlib=true \
  -cp "$home/jobwatch.jar" "$here/Natives.java"
# The jar is known by its time again: one that the layers of an image keep.
touch -d '2026-01-01T00:00:00Z' "$home/jobwatch.jar"
# In a clone that was made under a strict umask nobody but its owner may read what was copied; the image's user is another.
chmod -R a+rX "$2"
