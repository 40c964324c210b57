#!/usr/bin/env bash
# dist/tagloom_VERSION_amd64.deb from build/frozen/tagloom. Needs dpkg-dev; `make package` sees to it.
# No maintainer scripts: desktop, MIME, icon and man databases follow by their own triggers.
set -euo pipefail
cd "$(dirname "$0")/.."

VERSION=${1:?the version}
PY=build/frozen-venv/bin/python
ARCH=$(dpkg --print-architecture)
WORK=build/deb
ROOT=$WORK/root
LIB=$ROOT/usr/lib/tagloom
SHARE=$ROOT/usr/share
DATE=$(date -u -d "@$SOURCE_DATE_EPOCH" +%F)

rm -rf $WORK
mkdir -p $LIB $ROOT/usr/bin $ROOT/DEBIAN

# --- the program: Debian's own libraries are used where Debian has them ---------------------------------
cp -a build/frozen/tagloom/. $LIB/
rm $LIB/LICENCES.txt
find $LIB/_internal -maxdepth 1 -type f -printf '%f\n' | $PY packaging/frozen/carried.py | while read -r name; do rm "$LIB/_internal/$name"; done
ln -s ../lib/tagloom/tagloom $ROOT/usr/bin/tagloom
ln -s ../lib/tagloom/tagloom $ROOT/usr/bin/tagloom-window

# --- its place on the desktop ------------------------------------------------------------------------------
install -Dm644 packaging/linux/tagloom.desktop $SHARE/applications/tagloom.desktop
install -Dm644 packaging/linux/tagloom.xml $SHARE/mime/packages/tagloom.xml
mkdir -p $SHARE/metainfo
sed "s/@VERSION@/$VERSION/; s/@DATE@/$DATE/" packaging/linux/io.github.tagloom.Tagloom.metainfo.xml.in \
    >$SHARE/metainfo/io.github.tagloom.Tagloom.metainfo.xml
for picture in resources/icons/tagloom-[0-9]*.png; do
    size=${picture##*-}
    size=${size%.png}
    install -Dm644 "$picture" "$SHARE/icons/hicolor/${size}x$size/apps/tagloom.png"
done
install -Dm644 resources/icons/tagloom.svg $SHARE/icons/hicolor/scalable/apps/tagloom.svg

# --- its papers ------------------------------------------------------------------------------------------
mkdir -p $SHARE/man/man1 $SHARE/bash-completion/completions $SHARE/zsh/vendor-completions \
    $SHARE/fish/vendor_completions.d $SHARE/doc/tagloom $SHARE/lintian/overrides
$PY packaging/papers/man_page.py "$VERSION" "$DATE" | gzip -9n >$SHARE/man/man1/tagloom.1.gz
ln -s tagloom.1.gz $SHARE/man/man1/tagloom-window.1.gz
$PY packaging/papers/completions.py bash >$SHARE/bash-completion/completions/tagloom
$PY packaging/papers/completions.py zsh >$SHARE/zsh/vendor-completions/_tagloom
$PY packaging/papers/completions.py fish >$SHARE/fish/vendor_completions.d/tagloom.fish
cp packaging/linux/copyright $SHARE/doc/tagloom/copyright
gzip -9n <build/frozen/tagloom/LICENCES.txt >$SHARE/doc/tagloom/LICENCES.txt.gz
$PY packaging/papers/debian_changelog.py "$VERSION" CHANGELOG.md | gzip -9n >$SHARE/doc/tagloom/changelog.gz
cp packaging/linux/lintian-overrides $SHARE/lintian/overrides/tagloom

find $ROOT -type d -exec chmod 755 {} +
find $ROOT -type f ! -path "$LIB/tagloom" -exec chmod 644 {} +

# --- what it stands on: asked of every binary, with the versions their symbols need --------------------------
mkdir -p $WORK/ask/debian
printf 'Source: tagloom\n\nPackage: tagloom\nArchitecture: any\n' >$WORK/ask/debian/control
depends=$(
    cd $WORK/ask
    # GTK's own look is used where GTK is; its plugin stays unread elsewhere.
    find ../root/usr/lib/tagloom -type f \( -name '*.so*' -o -name tagloom \) ! -name 'libqgtk3.so' -print0 |
        sort -z |
        xargs -0 dpkg-shlibdeps -O --warnings=0 \
            -l../root/usr/lib/tagloom/_internal -l../root/usr/lib/tagloom/_internal/PySide6/Qt/lib \
            -l../root/usr/lib/tagloom/_internal/pillow.libs -l../root/usr/lib/tagloom/_internal/pi_heif.libs |
        sed -n 's/^shlibs:Depends=//p'
)
[ -n "$depends" ] || { echo "dpkg-shlibdeps named nothing" >&2; exit 1; }

cat >$ROOT/DEBIAN/control <<CONTROL
Package: tagloom
Version: $VERSION
Architecture: $ARCH
Maintainer: Tagloom contributors <tagloom@users.noreply.github.com>
Installed-Size: $(du -sk --apparent-size $ROOT/usr | cut -f1)
Depends: $depends, ca-certificates
Recommends: desktop-file-utils, fonts-noto-cjk, shared-mime-info, xdg-utils
Suggests: gnome-keyring | kwalletmanager, libgtk-3-0
Section: graphics
Priority: optional
Description: node editor for product shots with image models
 Tagloom is a desktop node editor for artists who compose product shots with
 image models. Each reference photograph has a tag, and the prompt calls it by
 that tag. What is bought is written down before it is sent, so that nothing is
 paid twice and no picture is lost.
 .
 Without any key it paints free drafts on this machine. The same documents run
 in a window and in a terminal.
CONTROL
(cd $ROOT && find usr -type f -print0 | sort -z | xargs -0 md5sum) >$ROOT/DEBIAN/md5sums
chmod 644 $ROOT/DEBIAN/*

mkdir -p dist
dpkg-deb --root-owner-group -Zxz -z6 --build $ROOT "dist/tagloom_${VERSION}_$ARCH.deb"
