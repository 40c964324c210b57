#!/usr/bin/env bash
# Proves the packages in a clean Debian: install, first run, association, upgrade, removal, and the portable form.
#
#   packaging/prove.sh [FOLDER]     as root; FOLDER (build/prove) gets the clean system and the pictures of it
#
# Needs debootstrap, Xvfb and xdotool, and what `make package` made. Takes some minutes; SUITE=trixie takes another.
set -euo pipefail
cd "$(dirname "$0")/.."

PLACE=${1:-build/prove}
SUITE=${SUITE:-$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)}
ROOT=$PLACE/root
SCREEN=:${SCREEN_NUMBER:-97}
DEB=$(ls dist/tagloom_*_amd64.deb)
TAR=$(ls dist/tagloom-*-linux-*.tar.xz)
HOME_INSIDE=/home/artist
PATIENCE=120

[ "$(id -u)" = 0 ] || { echo "prove.sh: it makes a system of its own, so it must run as root." >&2; exit 1; }
for tool in debootstrap Xvfb xdotool dpkg-deb; do
    command -v $tool >/dev/null || { echo "prove.sh: $tool is missing; install it and call again." >&2; exit 1; }
done
mkdir -p "$PLACE"
PLACE=$(realpath "$PLACE")
ROOT=$PLACE/root

say() { printf '%s\n' "$*"; }
fail() { say "FAILED: $*"; exit 1; }
now() { date +%s%N; }
ms_since() { echo $((($(now) - $1) / 1000000)); }
inside() { LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive chroot "$ROOT" "$@"; }
artist() {
    chroot --userspec=artist:artist "$ROOT" env -i HOME=$HOME_INSIDE USER=artist LANG=C.UTF-8 \
        PATH=/usr/local/bin:/usr/bin:/bin DISPLAY="$SCREEN" TAGLOOM_WATCH=$HOME_INSIDE/watch.jsonl "$@"
}
documents() { (cd "$ROOT$HOME_INSIDE/shots" && find . -type f ! -path './out/*' -exec sha256sum {} + | sort); }
megabytes() { du -smx "$1" | cut -f1; }

cleanup() {
    local point
    [ -z "${screen_pid:-}" ] || kill "$screen_pid" 2>/dev/null || true
    for point in dev/pts dev/shm proc; do
        ! mountpoint -q "$ROOT/$point" || umount -l "$ROOT/$point"
    done
}
trap cleanup EXIT

# --- a clean system and a screen ---------------------------------------------------------------------------
if [ ! -e "$PLACE/clean.tar" ]; then
    say "Making a clean $SUITE."
    debootstrap --variant=minbase "$SUITE" "$ROOT" >"$PLACE/debootstrap.log"
    tar -C "$ROOT" -cf "$PLACE/clean.tar" .
fi
rm -rf --one-file-system "$ROOT"
mkdir -p "$ROOT"
tar -C "$ROOT" -xf "$PLACE/clean.tar"
cp /etc/resolv.conf "$ROOT/etc/resolv.conf"
mount -t proc proc "$ROOT/proc"
mkdir -p "$ROOT/dev/pts" "$ROOT/dev/shm"
mount -t devpts devpts "$ROOT/dev/pts"
mount -t tmpfs tmpfs "$ROOT/dev/shm"
inside useradd --create-home artist
inside apt-get update -qq
Xvfb "$SCREEN" -screen 0 1600x1000x24 -ac >/dev/null 2>&1 &
screen_pid=$!

# waits_for WORD: until the window says it (widgets.watch); prints milliseconds since $1's start
waits_for() {
    local word=$1 since=$2
    while [ "$(ms_since "$since")" -lt $((PATIENCE * 1000)) ]; do
        ! grep -qs "\"say\": \"$word\"" "$ROOT$HOME_INSIDE/watch.jsonl" || { ms_since "$since"; return; }
        sleep 0.02
    done
    fail "the window did not say '$word' in $PATIENCE s"
}
photograph() {
    .venv/bin/python -c "import sys; from PIL import ImageGrab
ImageGrab.grab(xdisplay='$SCREEN').save(sys.argv[1])" "$PLACE/$1.png"
}
# window NAME COMMAND…: starts it, times it, photographs it; leaves its process in $window_pid
window() {
    local name=$1 start
    shift
    rm -f "$ROOT$HOME_INSIDE/watch.jsonl"
    start=$(now)
    artist "$@" >"$PLACE/$name.log" 2>&1 &
    window_pid=$!
    say "  $name: painted $(waits_for painted "$start") ms, the document on the canvas $(waits_for example "$start") ms"
    sleep 3
    photograph "$name"
}
closes() {
    local id start
    start=$(now)
    id=$(xdotool_on search --onlyvisible --name Tagloom | tail -1)
    xdotool_on windowfocus "$id"
    xdotool_on key --window "$id" ctrl+q 2>/dev/null || true # it may be gone before the key is let go
    waits_for closed "$start" >/dev/null
    wait "$window_pid" || fail "the window ended with code $?"
}
xdotool_on() { DISPLAY=$SCREEN xdotool "$@"; }
pictures() { find "$ROOT$HOME_INSIDE" -path '*library*' -name '*.png' | wc -l; }
left() { (cd "$ROOT" && find . -xdev \( -path ./proc -o -path ./dev -o -path ./home -o -path ./tmp \) -prune -o -iname '*tagloom*' -print); }

# --- install an older version, then this one ----------------------------------------------------------------
say "== $(basename "$DEB") ($(du -m "$DEB" | cut -f1) MB) in a clean $SUITE"
old=$PLACE/older
rm -rf "$old"
dpkg-deb -R "$DEB" "$old"
sed -i 's/^Version: .*/Version: 0.0.1/' "$old/DEBIAN/control"
echo "of the older version" >"$old/usr/lib/tagloom/gone-in-the-next"
dpkg-deb --root-owner-group -Znone --build "$old" "$ROOT/tmp/tagloom_0.0.1_amd64.deb" >/dev/null
rm -rf "$old"
cp "$DEB" "$ROOT/tmp/"

before=$(megabytes "$ROOT")
start=$(now)
inside apt-get install -y -qq /tmp/tagloom_0.0.1_amd64.deb >"$PLACE/apt-install.log" 2>&1 || {
    tail "$PLACE/apt-install.log"
    fail "apt could not install it"
}
took=$(($(ms_since "$start") / 1000))
inside apt-get clean
say "  apt install ./tagloom_0.0.1 with what it needs and recommends: $took s," \
    "$(($(megabytes "$ROOT") - before)) MB more, $(megabytes "$ROOT/usr/lib/tagloom") MB of them Tagloom"
[ "$(inside dpkg-query -W -f '${Version}' tagloom)" = 0.0.1 ]
inside apt-get install -y -qq libglib2.0-bin >/dev/null 2>&1 # `gio`, as on every GTK desktop
missing=$(find "$ROOT/usr/lib/tagloom" -type f -name '*.so*' ! -name libqgtk3.so -printf '/%P\n' |
    sed 's#^#/usr/lib/tagloom#' | inside env LD_LIBRARY_PATH=/usr/lib/tagloom/_internal xargs ldd 2>/dev/null | grep 'not found' | sort -u || true)
say "  libraries that are not found: ${missing:-none}"

# --- an ordinary user: terminal, window, association ---------------------------------------------------------
artist cp -r /usr/lib/tagloom/_internal/resources/examples $HOME_INSIDE/shots
documents >"$PLACE/documents.before"
start=$(now)
artist tagloom doctor --offline | grep -v '^ok' && fail "tagloom doctor is not content"
say "  tagloom doctor: all ok, $(ms_since "$start") ms"
start=$(now)
artist tagloom run $HOME_INSIDE/shots/first-run.tagloom --set picture.seed=7 -o $HOME_INSIDE/shots/out --yes >"$PLACE/run.log" 2>&1 ||
    { cat "$PLACE/run.log"; fail "tagloom run"; }
say "  tagloom run of the example: $(ms_since "$start") ms, made $(ls "$ROOT$HOME_INSIDE/shots/out")"

window first-start tagloom-window
had=$(pictures)
id=$(xdotool_on search --onlyvisible --name Tagloom | tail -1)
xdotool_on search --onlyvisible --class '^tagloom$' >/dev/null || fail "the window's class is not the desktop file's"
say "  window class: tagloom, title: $(xdotool_on getwindowname "$id")"
xdotool_on windowfocus "$id"
start=$(now)
xdotool_on key --window "$id" ctrl+Return
while [ "$(pictures)" -le "$had" ] && [ "$(ms_since "$start")" -lt $((PATIENCE * 1000)) ]; do sleep 0.1; done
say "  Ctrl+Return in the window: the picture is in the library after $(ms_since "$start") ms"
[ "$(pictures)" -gt "$had" ] || fail "no picture"
sleep 3
photograph after-run
closes

say "  type of first-run.tagloom: $(artist gio info -a standard::content-type $HOME_INSIDE/shots/first-run.tagloom |
    sed -n 's/.*content-type: //p'); opened by: $(artist gio mime application/x-tagloom+json | head -1)"
cp "$ROOT$HOME_INSIDE/shots/templates/product-shot.tagloom" "$ROOT$HOME_INSIDE/shots/mine.tagloom"
chown --reference="$ROOT$HOME_INSIDE/shots" "$ROOT$HOME_INSIDE/shots/mine.tagloom"
window opened-by-association xdg-open $HOME_INSIDE/shots/mine.tagloom
for _ in $(seq 100); do
    ! xdotool_on search --onlyvisible --name '^mine\.tagloom' >/dev/null || break
    sleep 0.2
done
xdotool_on search --onlyvisible --name '^mine\.tagloom' >/dev/null || fail "xdg-open did not open mine.tagloom"
say "  xdg-open mine.tagloom opens it in the window"
closes
rm "$ROOT$HOME_INSIDE/shots/mine.tagloom"

# --- upgrade, remove, purge ----------------------------------------------------------------------------------
start=$(now)
inside apt-get install -y -qq "/tmp/$(basename "$DEB")" >"$PLACE/apt-upgrade.log" 2>&1 || fail "the upgrade"
say "  upgrade to $(inside dpkg-query -W -f '${Version}' tagloom): $(($(ms_since "$start") / 1000)) s"
[ ! -e "$ROOT/usr/lib/tagloom/gone-in-the-next" ] || fail "a file of the older version is left"
window after-upgrade tagloom-window
closes
start=$(now)
inside apt-get remove -y -qq tagloom >/dev/null 2>&1
say "  apt remove: $(($(ms_since "$start") / 1000)) s; left of it in the system: $(left | grep -v '^./var/lib/dpkg' | tr '\n' ' ')"
# It has no settings of the system's, so that removing leaves nothing for a purge: apt then knows it no more.
if inside dpkg-query -W tagloom >/dev/null 2>&1; then inside apt-get purge -y -qq tagloom >/dev/null 2>&1; fi
[ -z "$(left)" ] || fail "left in the system after the purge: $(left | tr '\n' ' ')"
say "  apt purge: nothing is left of it in the system"
say "  type of a document now: $(artist gio info -a standard::content-type $HOME_INSIDE/shots/first-run.tagloom |
    sed -n 's/.*content-type: //p')"
documents | diff "$PLACE/documents.before" - || fail "a document was touched"
say "  documents untouched: $(wc -l <"$PLACE/documents.before"); kept in the artist's home:"
(cd "$ROOT$HOME_INSIDE" && find . -maxdepth 4 -iname '*tagloom*' -type d ! -path './shots*' -exec du -sh {} +) | sed 's/^/    /'

# --- the portable form, on what is left of the system ----------------------------------------------------------
say "== $(basename "$TAR") ($(du -m "$TAR" | cut -f1) MB), as a new user"
inside userdel -r artist 2>/dev/null || true
inside useradd --create-home artist
start=$(now)
tar -C "$ROOT$HOME_INSIDE" -xf "$TAR"
chown -R --reference="$ROOT$HOME_INSIDE" "$ROOT$HOME_INSIDE"
folder=$HOME_INSIDE/$(basename "$TAR" .tar.xz)
say "  unpacked in $(ms_since "$start") ms, $(megabytes "$ROOT$folder") MB"
artist cp -r "$folder/_internal/resources/examples" $HOME_INSIDE/shots
documents >"$PLACE/documents.before"
artist mkdir "$folder/tagloom-data"
artist "$folder/tagloom" doctor --offline | grep -v '^ok' && fail "tagloom doctor is not content"
artist "$folder/tagloom" run $HOME_INSIDE/shots/first-run.tagloom -o $HOME_INSIDE/shots/out --yes >/dev/null 2>&1 ||
    fail "the portable tagloom run"
window portable "$folder/tagloom-window"
closes
for kept in settings/options.json ledger.sqlite library cache logs state; do
    [ -e "$ROOT$folder/tagloom-data/$kept" ] || fail "the portable form keeps no $kept in its folder tagloom-data"
done
say "  all of its things are in its folder tagloom-data ($(du -sm "$ROOT$folder/tagloom-data" | cut -f1) MB)"
left=$(cd "$ROOT$HOME_INSIDE" && find . -mindepth 1 -iname '*tagloom*' -not -path "./shots*" -not -path "./$(basename "$folder")*")
[ -z "$left" ] || fail "the portable form left something in the home: $left"
rm -rf "${ROOT:?}$folder"
documents | diff "$PLACE/documents.before" - || fail "a document was touched"
say "  folder deleted; documents untouched; left in the home: $(cd "$ROOT$HOME_INSIDE" &&
    find . -mindepth 1 -maxdepth 3 -iname '*tagloom*' ! -path './shots*' | tr '\n' ' ')"
say "Proved."
