#!/usr/bin/env bash
# Writes the lock files anew from pyproject.toml: exact versions, every platform's hashes, PyPI's own.
# For maintainers, after a change of dependencies: `make lock`, or `make lock UPGRADE=1` for the newest.
set -euo pipefail
cd "$(dirname "$0")/.."

# A mirror or a folder of wheels set up on this machine must not leave its addresses or hashes here.
export PIP_CONFIG_FILE=/dev/null
unset PIP_FIND_LINKS PIP_INDEX_URL PIP_EXTRA_INDEX_URL UV_INDEX UV_INDEX_URL UV_DEFAULT_INDEX UV_FIND_LINKS

TOOLS=build/lock-tools
[ -x $TOOLS/bin/uv ] || { .venv/bin/python -m venv $TOOLS && $TOOLS/bin/python -m pip --quiet install 'uv>=0.9'; }

compile() {
    local out=$1
    shift
    # pip-compile knows only the platform it runs on; uv writes one file for all of them.
    $TOOLS/bin/uv --no-config pip compile pyproject.toml "$@" --output-file "$out" --quiet \
        --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-annotate \
        --custom-compile-command 'make lock' ${UPGRADE:+--upgrade}
}

compile packaging/requirements.lock
compile packaging/requirements-dev.lock --extra dev --extra package --extra cluster --constraint packaging/requirements.lock
compile packaging/requirements-package.lock --extra package --constraint packaging/requirements-dev.lock
compile packaging/requirements-mutation.lock --extra dev --extra cluster --extra mutation --constraint packaging/requirements-dev.lock
