# shellcheck shell=sh
# Sourced by bin/demo and bin/test, in the project's folder: makes .venv and sets $python.
# setup EXTRA installs the project with that extra, unless it was installed since pyproject.toml changed.
# It shows how far it is, unless the script was called with --quiet or -q.

child=      # what runs in the background
line_every=10 # seconds
case " $* " in
    *" --quiet "* | *" -q "*) is_quiet=yes ;;
    *) is_quiet= ;;
esac

stop() {
    printf '%s: %s\n' "$name" "$1" >&2
    exit 1
}

setup() {
    extra=$1
    python=$PWD/.venv/bin/python
    is_installed && return
    take_lock
    is_installed || install_project # unless another one did while we waited
    release_lock
}

# What is run with a DATABASE_URL signs with a key; where none is given, each run has its own.
own_secret_key() {
    [ -z "${SECRET_KEY:-}" ] || return 0
    SECRET_KEY=$("$python" -c 'import secrets; print(secrets.token_urlsafe(48))')
    export SECRET_KEY
}

is_installed() {
    wanted=$(cksum <pyproject.toml)
    for stamp in ".venv/.installed-$extra" .venv/.installed-dev; do
        [ -x "$python" ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && return 0
    done
    return 1
}

install_project() {
    # A Python that was removed or half a .venv: begin again.
    if [ -e .venv ] && ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        rm -rf .venv || stop "cannot remove the broken .venv: remove it yourself"
    fi
    [ -n "$is_quiet" ] ||
        echo "Installing what the project needs into .venv (a minute, on a slow machine a few; only once) ..."
    if [ ! -x "$python" ] || ! has_installer; then
        make_venv
    fi
    rm -f .venv/.installed-*
    # A stamp of before: a pyproject.toml that changes meanwhile is installed next time.
    if has_pip; then
        run_logged "$python" -m pip install --disable-pip-version-check --no-input -e ".[$extra]"
    else
        run_logged uv pip install --verbose --python "$python" -e ".[$extra]"
    fi
    printf '%s\n' "$wanted" >".venv/.installed-$extra" || stop "cannot write to .venv: is the disk full?"
}

make_venv() {
    found=$(find_python)
    if [ -n "$found" ] && "$found" -c 'import venv, ensurepip' 2>/dev/null; then
        run_logged "$found" -m venv --clear .venv
    elif command -v uv >/dev/null; then
        run_logged uv venv --quiet --clear --python '>=3.11' .venv
    elif [ -n "$found" ]; then
        stop "$found has no venv module: install it (on Debian: apt install python3-venv), or install uv"
    else
        stop "needs Python 3.11 or newer: install it, or install uv"
    fi
}

find_python() {
    for candidate in python3 python3.14 python3.13 python3.12 python3.11 python; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
}

has_pip() {
    "$python" -m pip --version >/dev/null 2>&1
}

has_installer() {
    has_pip || command -v uv >/dev/null
}

# The whole output in a file; for the reader how far it is, and one telling line if it fails.
run_logged() {
    log=.venv-install.log
    "$@" >"$log" 2>&1 &
    child=$!
    [ -n "$is_quiet" ] || show_progress
    if wait "$child"; then
        child=
        rm -f "$log"
        return
    fi
    child=
    reason=$(grep -iE 'no space left|^error|error:' "$log" | tail -n 1)
    case $(cat "$log") in
        *"No space left"*) stop "the disk is full: make room (about 600 MB) and start again" ;;
        *"Could not find a version"* | *"No matching distribution"* | *onnection* | *"dns error"*)
            stop "could not download the packages: check the network and pip's configuration ($log tells more)" ;;
        *) stop "could not install: ${reason:-see $log} ($log tells more)" ;;
    esac
}

# Until the child ends: what it does, on a terminal each second in place of the line before, else each ten.
show_progress() {
    started=$(date +%s)
    told=0
    while kill -0 "$child" 2>/dev/null; do
        sleep 1
        seconds=$(($(date +%s) - started))
        if [ -t 2 ]; then
            printf '\r\033[K  %s s: %s' "$seconds" "$(last_step)" >&2
        elif [ "$((seconds - told))" -ge "$line_every" ]; then
            told=$seconds
            printf '  %s s: %s\n' "$seconds" "$(last_step)" >&2
        fi
    done
    [ ! -t 2 ] || printf '\r\033[K' >&2
}

last_step() {
    step=$(grep -E '^ *(Collecting|Using cached|Downloading|Building|Preparing|Installing|DEBUG (Selecting|Installed))' \
        "$log" 2>/dev/null | tail -n 1 | tr -cd '[:print:]' | sed 's/^ *//; s/^DEBUG //')
    case $step in
        "") echo "making .venv" ;;
        "Installing collected packages:"*) echo "Installing $(($(echo "$step" | tr -cd , | wc -c) + 1)) packages" ;;
        *) echo "$step" | cut -c 1-60 ;;
    esac
}

# A folder is made by one process only, on every system; its file says whose it is.
take_lock() {
    lock=.venv.lock
    is_told=
    until mkdir "$lock" 2>/dev/null; do
        [ -d "$lock" ] || stop "cannot write to $PWD: use the account that it belongs to, or make room on the disk"
        holder=$(cat "$lock/pid" 2>/dev/null)
        if [ -n "$holder" ] && ! kill -0 "$holder" 2>/dev/null; then
            rm -rf "$lock" # it was killed
            continue
        fi
        [ -n "$is_told" ] || echo "Waiting for another installation into .venv (process ${holder:-unknown}) ..."
        is_told=yes
        sleep 1
    done
    echo $$ >"$lock/pid"
    trap release_lock EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
}

release_lock() {
    # In the background it does not hear Ctrl-C.
    [ -z "$child" ] || kill "$child" 2>/dev/null || :
    rm -rf "$lock"
    trap - EXIT INT TERM
}
