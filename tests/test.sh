#!/bin/sh
# The whole suite; called by ./run test. Further arguments go to pytest, for one part of it.
set -eu
shift
if [ $# -gt 0 ]; then exec pytest "$@"; fi
echo "== on SQLite"
pytest -n 2 --dist worksteal -m "not e2e and not processes"
echo "== the same on PostgreSQL"
python -m tests.on_postgres -n 2 --dist worksteal -m "not e2e and not processes and not sqlite"
echo "== with real processes"
pytest -m "processes and not e2e"
echo "== in a browser"
pytest -n 2 --dist loadfile -m "e2e"
