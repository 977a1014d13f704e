# What the scripts share: `set_up LOCK` makes .venv/ hold the packages of a lock file and the project
# itself. Sourced, not run. It needs Python 3.11 or later with pip, and nothing else: Debian's venv
# lacks ensurepip, and its pip refuses to install outside an environment, so the environment is made
# without pip, and the system's pip is told to install into it.
#
# All that it knows about an environment stands in .venv/installed: the folder it was made for (an
# environment cannot be moved), and the lock file it holds, with checksums. The file goes before an
# installation begins and comes back when it has ended, so an environment without it is unfinished
# and is made anew.

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
venv=$root/.venv

say() { printf '%s\n' "$*" >&2; }

checksum() { cksum <"$root/$1"; }

# The line of .venv/installed that says that the lock file $1 is in place. pyproject.toml counts too,
# because it names the project's own command.
receipt() { printf '%s %s %s' "$1" "$(checksum "$1")" "$(checksum pyproject.toml)"; }

# Prints the first Python that is new enough and has pip; otherwise says what is missing.
find_python() {
    seen=
    for name in python3 python3.13 python3.12 python3.11; do
        version=$("$name" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null) ||
            continue
        if ! "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
            seen="$seen $name is $version."
        elif ! "$name" -c 'import pip, venv' 2>/dev/null; then
            seen="$seen $name is $version, but lacks pip (Debian: apt-get install python3-pip)."
        else
            echo "$name"
            return
        fi
    done
    say "Python 3.11 or later with pip is needed.${seen:- No python3 was found on PATH.}"
    return 1
}

environment_is_sound() {
    [ "$(sed -n 1p "$venv/installed" 2>/dev/null)" = "$root" ] &&
        "$venv/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

make_environment() {
    if [ -e "$venv" ]; then say "Making .venv anew: it is unfinished, or of another place or Python."; fi
    rm -rf "$venv"
    "$python" -m venv --without-pip "$venv"
}

# -qq leaves the errors; PIP_USER would contradict an environment.
install() {
    PIP_USER=0 "$python" -m pip --python "$venv/bin/python" install -qq --no-input \
        --disable-pip-version-check "$@"
}

# The development lock holds all that the runtime lock holds, so it does for both.
is_installed() {
    have=$(sed -n 2p "$venv/installed")
    [ "$have" = "$(receipt "$1")" ] || [ "$have" = "$(receipt requirements-dev.lock)" ]
}

set_up() {
    if environment_is_sound && is_installed "$1"; then return; fi
    python=$(find_python)
    environment_is_sound || make_environment
    say "Installing the packages of $1 into .venv; until it changes, only this once ..."
    rm -f "$venv/installed"
    install --only-binary :all: --no-deps --require-hashes -r "$root/$1"
    install --no-deps --no-build-isolation -e "$root"
    printf '%s\n%s\n' "$root" "$(receipt "$1")" >"$venv/installed"
}
