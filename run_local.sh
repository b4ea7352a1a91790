#!/usr/bin/env bash
# khabar on this machine. The first call makes a private virtual environment (.venv) and installs into it.
#   ./run_local.sh                        the main job on seeds/, into out/
#   ./run_local.sh --input … --output …   the main job with your own options (khabar ingest --help)
#   ./run_local.sh test [pytest options]  format, lint, types and the test suite
set -euo pipefail
cd "$(dirname "$0")"
python=.venv/bin/python

find_python() {
    for candidate in "${PYTHON:-}" python3.13 python3.12 python3.11 python3; do
        if [ -n "$candidate" ] && command -v "$candidate" >/dev/null &&
            "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    echo "run_local.sh: Python 3.11, 3.12 or 3.13 is needed (set PYTHON=/path/to/python)" >&2
    exit 2
}

# install EXTRAS: installs khabar into .venv unless just this version of setup.py already stands there
install() {
    local stamp=.venv/.installed-${1:-base} wanted
    wanted=$(cksum <setup.py)
    [ -x "$python" ] || "$(find_python)" -m venv .venv
    if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
        echo "installing khabar into .venv (once)" >&2
        "$python" -m pip install --quiet --disable-pip-version-check --editable ".${1:+[$1]}" >&2
        echo "$wanted" >"$stamp"
    fi
}

if [ "${1:-}" = test ]; then
    shift
    install test
    "$python" -m ruff format --check .
    "$python" -m ruff check .
    "$python" -m mypy
    exec "$python" -m pytest "$@"
fi
install ""
[ $# -gt 0 ] || set -- --input seeds --output out
exec "$python" -m pipelines.ingest "$@"
