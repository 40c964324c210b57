#!/usr/bin/env bash
# Everything that can be handed out from this system, into dist/: `make package`.
#   everywhere   wheel and source archive
#   Linux        the frozen program (build/frozen), portable tar; on Debian and its relatives also the .deb
#   macOS        the app bundle and its disk image (packaging/macos); Windows has packaging/windows/build.ps1
set -euo pipefail
cd "$(dirname "$0")/.."

PY=.venv/bin/python
VERSION=$($PY -c "import tomllib; print(tomllib.load(open('pyproject.toml', 'rb'))['project']['version'])")
# One time for everything inside, so that the same sources give the same bytes.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 1767225600)}
export SOURCE_DATE_EPOCH PYTHONPATH=

rm -rf dist
$PY -m build --no-isolation --outdir dist . >/dev/null
packaging/frozen.sh
case $(uname -s) in
    Linux)
        packaging/portable.sh "$VERSION"
        if command -v dpkg-shlibdeps >/dev/null; then
            packaging/debian.sh "$VERSION"
        else
            echo "No .deb is made: this is no Debian, or dpkg-dev is missing."
        fi
        packaging/check_packages.sh
        ;;
    Darwin) packaging/macos/disk_image.sh "$VERSION" ;;
esac
(cd dist && sha256sum -- * >SHA256SUMS)
ls -lh dist
