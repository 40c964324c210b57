#!/usr/bin/env bash
# Makes .venv from the locked, hashed requirements and sees to the system libraries.
#
#   packaging/setup.sh run     what the window and the command line need
#   packaging/setup.sh test    the same, and a virtual screen for the journeys
#   packaging/setup.sh package the same as run, and what `make package` builds and checks with
#
# As root on Debian or a relative of it, what is missing is installed. Otherwise each missing thing
# is named, with the command that installs it, and the exit code is 1. PYTHON=… names a Python.
set -euo pipefail
cd "$(dirname "$0")/.."

NEED=${1:-run}
VENV=.venv
LOCK=packaging/requirements-dev.lock
STAMP=$VENV/tagloom.stamp
LIBRARIES=packaging/system-libraries.txt

say() { printf '%s\n' "$*" >&2; }
die() { say "tagloom setup: $*"; exit 1; }

can_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

# The tests start PostgreSQL themselves: its package shall neither make a database nor start a service.
no_running_database() {
    [ -e /etc/postgresql-common/createcluster.conf ] && return
    mkdir -p /etc/postgresql-common/createcluster.d
    printf 'create_main_cluster = false\n' >/etc/postgresql-common/createcluster.d/tagloom.conf
}

# apt_install WHY PACKAGE…: installs as root on Debian, otherwise says how and stops.
apt_install() {
    local why=$1
    shift
    if ! can_install; then
        say "tagloom setup: $why"
        say "Install it with your system's package manager; on Debian or Ubuntu:"
        say "    sudo apt-get update && sudo apt-get install --no-install-recommends $*"
        exit 1
    fi
    say "$why Installing: $*"
    case " $* " in *" postgresql "*) no_running_database ;; esac
    apt-get update -qq || say "apt-get update did not succeed; trying with the lists at hand."
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" >/dev/null ||
        die "apt-get could not install: $*. The lines above say why."
}

# --- system libraries ---------------------------------------------------------------------------

loader_cache() { PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null || true; }

# present WHAT LOADER_CACHE
present() {
    case $1 in
        /*) compgen -G "$1" >/dev/null ;;
        lib*.so*) grep -qF "	$1 (" <<<"$2" ;;
        *) command -v "$1" >/dev/null 2>&1 ;;
    esac
}

# Prints "what package" for each line of the list that is not satisfied.
missing() {
    local cache need what package
    cache=$(loader_cache)
    while read -r need what package; do
        case $need in '' | '#'*) continue ;; esac
        [ "$need" = run ] || [ "$need" = "$NEED" ] || continue
        present "$what" "$cache" || printf '%s %s\n' "$what" "$package"
    done <$LIBRARIES
}

system_libraries() {
    [ "$(uname -s)" = Linux ] || return 0
    local lacks
    lacks=$(missing)
    [ -n "$lacks" ] || return 0
    # shellcheck disable=SC2046  # one word a package is meant
    apt_install "Missing from this system: $(awk '{printf "%s%s (package %s)", s, $1, $2; s=", "}' <<<"$lacks")." \
        $(awk '{print $2}' <<<"$lacks")
    lacks=$(missing)
    [ -z "$lacks" ] || die "still missing after the installation: $lacks"
}

# --- Python -------------------------------------------------------------------------------------

suits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; }

find_python() {
    local name
    for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python; do
        if suits "$name"; then
            command -v "$name"
            return
        fi
    done
}

has_venv() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }

# A Python from 3.11 to 3.13 that can make virtual environments; the answer is in $python.
python_at_hand() {
    python=$(find_python)
    if [ -z "$python" ]; then
        apt_install "Python 3.11, 3.12 or 3.13 is needed and none is here." python3 python3-venv
        python=$(find_python)
        [ -n "$python" ] || die "this system's Python is not 3.11 to 3.13; install one and say PYTHON=/its/path make setup"
    fi
    has_venv "$python" && return
    local version
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    apt_install "$python has no venv module." "python$version-venv"
    has_venv "$python" || die "$python still has no venv module; say PYTHON=/path/of/another make setup"
}

# --- the virtual environment --------------------------------------------------------------------

# What .venv was made from: the lock and the project's own declarations.
wanted_stamp() { cat $LOCK pyproject.toml packaging/setup.sh | sha256sum | cut -d' ' -f1; }

in_venv() { PIP_DISABLE_PIP_VERSION_CHECK=1 $VENV/bin/python -m pip --quiet "$@"; }

# Takes out what an earlier lock had and this one has not.
drop_leftovers() {
    $VENV/bin/python - $LOCK <<'PY' | while read -r name; do in_venv uninstall -y "$name"; done
import re, sys
from importlib.metadata import distributions

def plain(name): return re.sub(r"[-_.]+", "-", name).lower()

kept = {plain(m[1]) for m in re.finditer(r"^([\w.-]+)==", open(sys.argv[1], encoding="utf-8").read(), re.M)}
kept |= {"pip", "tagloom", "wheel", "setuptools"}
for name in sorted({d.name for d in distributions() if plain(d.name) not in kept}):
    print(name)
PY
}

virtual_environment() {
    local stamp
    stamp=$(wanted_stamp)
    if suits $VENV/bin/python; then
        [ "$(cat $STAMP 2>/dev/null)" != "$stamp" ] || return 0
    else
        python_at_hand
        say "Making $VENV with $python ($("$python" -V))."
        "$python" -m venv --clear $VENV
    fi
    say "Installing the locked requirements into $VENV."
    in_venv install --require-hashes --only-binary :all: -r $LOCK
    [ ! -e $STAMP ] || drop_leftovers
    in_venv install --no-deps --no-build-isolation --editable .
    printf '%s\n' "$stamp" >$STAMP
}

case $NEED in run | test | package) ;; *) die "say 'run', 'test' or 'package', not '$NEED'" ;; esac
system_libraries
virtual_environment
