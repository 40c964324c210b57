#!/usr/bin/env bash
# dist/tagloom-VERSION-linux-ARCH.tar.xz from build/frozen/tagloom: unpack and start, nothing is installed.
set -euo pipefail
cd "$(dirname "$0")/.."

VERSION=${1:?the version}
NAME=tagloom-$VERSION-linux-$(uname -m)
PLACE=build/portable/$NAME

# The newest symbol of glibc that any file asks for is what the system must have.
glibc=$(find build/frozen/tagloom -type f \( -name '*.so*' -o -name tagloom \) -exec objdump -T {} + 2>/dev/null |
    grep -o 'GLIBC_2\.[0-9]*' | sort -uV | tail -1 | cut -d_ -f2)

rm -rf build/portable
mkdir -p "$PLACE" dist
cp -a build/frozen/tagloom/. "$PLACE/"
sed "s/@VERSION@/$VERSION/; s/@GLIBC@/$glibc/" packaging/linux/README.txt >"$PLACE/README.txt"
install -m644 resources/icons/tagloom.svg "$PLACE/tagloom.svg"
tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner -C build/portable -c "$NAME" |
    xz -T0 -6 >"dist/$NAME.tar.xz"
