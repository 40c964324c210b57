#!/usr/bin/env bash
# Opens the window; where there is no display, runs the first-run example and photographs the window.
set -euo pipefail
cd "$(dirname "$0")/.."

PY=.venv/bin/python
EXAMPLE=resources/examples/first-run.tagloom
OUT=out

has_display() {
    case $(uname -s) in
        Linux | *BSD) [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] ;;
        *) true ;;
    esac
}

if has_display; then
    exec $PY -m app "$@"
fi

echo "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can be opened."
echo "Running the first-run example without one instead."
mkdir -p $OUT
rm -f $OUT/window.png
$PY -m app run $EXAMPLE -o $OUT --yes
QT_QPA_PLATFORM=offscreen $PY -m widgets.shots --first-run $OUT/window.png

[ -s $OUT/window.png ] || { echo "The window could not be photographed: $OUT/window.png is missing."; exit 1; }
echo
echo "Done. The example ran without a display; in $(pwd)/$OUT are now:"
for file in $OUT/*; do
    case $file in
        "$OUT"/window.png) echo "  $file   how the window looks" ;;
        *.png | *.jpg | *.webp) echo "  $file   a picture" ;;
    esac
done
echo "With a display, 'make run' opens the window."
