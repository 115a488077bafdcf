#!/bin/sh
# Makes the project ready: system libraries, then .venv from requirements.lock. Run again, it installs nothing twice.
set -eu
cd "$(dirname "$0")"

say() { printf '%s\n' "$*" >&2; }

PYTHON=${PYTHON:-python3}
FOR=${1:-use}    # "tests" brings a second renderer too, which the tests compare with
LIBRARIES="libpango-1.0.so.0 libpangoft2-1.0.so.0 libharfbuzz.so.0 libharfbuzz-subset.so.0"
PACKAGES="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz0b libharfbuzz-subset0"

missing_packages() {
    known=$(ldconfig -p 2>/dev/null || /sbin/ldconfig -p)
    set -- $PACKAGES
    for library in $LIBRARIES; do
        case "$known" in *"$library"*) ;; *) printf '%s ' "$1" ;; esac
        shift
    done
    command -v gs >/dev/null || printf 'ghostscript '
    [ "$FOR" != tests ] || command -v pdftoppm >/dev/null || printf 'poppler-utils '
    command -v "$PYTHON" >/dev/null || printf 'python3 '
    "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null || printf 'python3-venv '
}

install_packages() {
    if [ "$(id -u)" = 0 ]; then as_root=""
    elif command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then as_root="sudo"
    else say "These system packages are missing, and you may not install them here: $*"
        say "Ask for:  apt-get install $*"; exit 3
    fi
    say "installing $*"
    $as_root apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

case $(uname -s) in
Linux)
    missing=$(missing_packages)
    if [ -n "$missing" ]; then
        if ! command -v apt-get >/dev/null; then
            say "Pango 1.44 or newer, HarfBuzz with its subset library and Python's venv are needed."
            say "Install them with your system's package manager (on Debian and Ubuntu: $missing), then run this again."
            exit 3
        fi
        # shellcheck disable=SC2086
        install_packages $missing
    fi ;;
Darwin)
    if ! command -v brew >/dev/null || ! brew list pango >/dev/null 2>&1 || ! command -v gs >/dev/null; then
        say "Pango (HarfBuzz comes with it) and Ghostscript are needed:  brew install pango ghostscript"
        say "Homebrew is at https://brew.sh"
        exit 3
    fi ;;
*)  say "This system is not known here; see the installation notes of WeasyPrint for Pango and HarfBuzz." ;;
esac

"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    say "Python 3.11 or newer is needed; $("$PYTHON" --version) was found. Name another one:  make PYTHON=python3.12 report"
    exit 3
}

fingerprint=$(cat requirements.lock pyproject.toml setup.sh | cksum)
if [ "$(cat .venv/.ready 2>/dev/null)" != "$fingerprint" ]; then
    say "making .venv from requirements.lock"
    [ -x .venv/bin/pip ] || "$PYTHON" -m venv .venv
    # The lock names every package, so pip need not look for any: with --no-deps a release made later cannot stop it.
    .venv/bin/pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
    .venv/bin/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
    printf '%s\n' "$fingerprint" > .venv/.ready
fi
