#!/usr/bin/env bash
# The frozen program in build/frozen/tagloom, from the wheel in dist/ and the locked requirements.
set -euo pipefail
cd "$(dirname "$0")/.."

BASE=.venv/bin/python
VENV=build/frozen-venv
LOCK=packaging/requirements-package.lock

# The environment is made anew only when the lock or the Python is another.
stamp=$({ cat $LOCK; $BASE -VV; } | sha256sum | cut -d' ' -f1)
if [ "$(cat $VENV/stamp 2>/dev/null)" != "$stamp" ]; then
    echo "Installing the locked requirements into $VENV."
    $BASE -m venv --clear $VENV
    $VENV/bin/python -m pip --quiet --disable-pip-version-check install \
        --require-hashes --only-binary :all: -r $LOCK
    printf '%s\n' "$stamp" >$VENV/stamp
fi
$VENV/bin/python -m pip --quiet --disable-pip-version-check install --no-deps --force-reinstall dist/tagloom-*.whl

if [ "$(uname -s)" = Darwin ]; then
    QT_QPA_PLATFORM=offscreen $VENV/bin/python packaging/papers/icons.py icns build/tagloom.icns
fi
export PYTHONHASHSEED=1 # the same archive from the same sources
$VENV/bin/python -m PyInstaller --noconfirm --log-level WARN \
    --distpath build/frozen --workpath build/frozen-work packaging/tagloom.spec

if [ "$(uname -s)" = Darwin ]; then
    TAGLOOM_HOME=$PWD/build/frozen-home build/frozen/tagloom/tagloom licences \
        >build/frozen/LICENCES.txt
    exit
fi

# Symbols for debuggers are left out, but not from what was repaired for another place (libraries beside
# their packages and the modules linked with them): those files do not bear it.
find build/frozen/tagloom/_internal -type f -name '*.so*' \
    ! -path '*.libs/*' ! -path '*/PIL/*' ! -name '_pi_heif*' ! -path '*/PySide6/*' ! -path '*/shiboken6/*' \
    -exec strip --strip-unneeded {} + 2>/dev/null || true
# A library looks for others beside itself and in the system, never in a folder of the machine that made it.
find build/frozen/tagloom/_internal -type f -name '*.so*' -print0 | while IFS= read -r -d '' file; do
    place=$(readelf -d "$file" 2>/dev/null | sed -n 's/.*(R\(UN\)\?PATH).*\[\(.*\)\]/\2/p')
    case $place in /*) chrpath --delete "$file" >/dev/null ;; esac
done
ln -sf tagloom build/frozen/tagloom/tagloom-window

# The licences, told by the program that was made, then those of Python and of the system's libraries in it.
licence_of_library() {
    local package
    package=$(dpkg -S "*/$(basename "$1")" 2>/dev/null | head -1 | cut -d: -f1)
    [ -z "$package" ] || printf '\n%s\n%s\n\n' "== $(basename "$1") (Debian package $package)" \
        "$(cat "/usr/share/doc/$package/copyright")"
}
{
    TAGLOOM_HOME=$PWD/build/frozen-home build/frozen/tagloom/tagloom licences
    printf '\n== Python\n\n'
    cat "$($BASE -c 'import os, sys
places = [os.path.dirname(os.__file__) + "/LICENSE.txt", "/usr/share/doc/python3.%d/copyright" % sys.version_info[1],
          sys.base_prefix + "/LICENSE.txt"]
print(next(one for one in places if os.path.exists(one)))')"
    if command -v dpkg >/dev/null; then
        for file in build/frozen/tagloom/_internal/lib*.so.*; do [ -L "$file" ] || licence_of_library "$file"; done
    fi
} >build/frozen/tagloom/LICENCES.txt
