#!/usr/bin/env bash
# Looks at what `make package` has made with the tools of each format. What is not installed is said, not passed
# over in silence: STRICT=1 makes it a failure.
set -euo pipefail
cd "$(dirname "$0")/.."

DEB=$(ls dist/tagloom_*.deb 2>/dev/null || true)
TREE=build/deb/root/usr/share
worst=0

# check TOOL WHAT COMMAND…
check() {
    local tool=$1 what=$2
    shift 2
    if ! command -v "$tool" >/dev/null; then
        echo "not checked  $what: $tool is not installed"
        [ -z "${STRICT:-}" ] || worst=1
    elif output=$("$@" 2>&1) && [ -z "${QUIET_MEANS_WELL:-}" ] || { [ -n "${QUIET_MEANS_WELL:-}" ] && [ -z "$output" ]; }; then
        echo "well         $what"
    else
        echo "NOT WELL     $what"
        printf '%s\n' "$output" | sed 's/^/    /'
        worst=1
    fi
}

check shellcheck "shell scripts" shellcheck -S warning packaging/*.sh packaging/*/*.sh
[ -n "$DEB" ] || { echo "There is no .deb here; the rest is about it."; exit $worst; }
check lintian "the .deb by lintian, warnings too" lintian --allow-root --fail-on error,warning "$DEB"
check desktop-file-validate "desktop file" desktop-file-validate $TREE/applications/tagloom.desktop
check appstreamcli "AppStream data" appstreamcli validate --no-net $TREE/metainfo/io.github.tagloom.Tagloom.metainfo.xml
check xmllint "MIME types are XML" xmllint --noout $TREE/mime/packages/tagloom.xml
QUIET_MEANS_WELL=1 check man "man page without a warning" \
    bash -c "LC_ALL=C.UTF-8 MANROFFSEQ= MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z $TREE/man/man1/tagloom.1.gz 2>&1 >/dev/null"
check bash "completion in bash" bash -c "
    source $TREE/bash-completion/completions/tagloom
    COMP_WORDS=(tagloom rec) COMP_CWORD=1; _shtab_tagloom; [ \"\${COMPREPLY[*]}\" = recover ]
    COMP_WORDS=(tagloom run --max-u) COMP_CWORD=2; _shtab_tagloom; [ \"\${COMPREPLY[*]}\" = --max-usd ]"
check zsh "completion in zsh" zsh -f -c "
    fpath=($PWD/$TREE/zsh/vendor-completions \$fpath)
    autoload -Uz compinit && compinit -D -u && [[ \$_comps[tagloom] = _tagloom ]] &&
    autoload -Uz +X _tagloom && (( \$+functions[_tagloom] ))"
check fish "completion in fish" fish --no-config -c "
    source $TREE/fish/vendor_completions.d/tagloom.fish
    complete -C 'tagloom rec' | string match -q 'recover*'; and complete -C 'tagloom run --max-u' | string match -q -- '--max-usd*'"
exit $worst
