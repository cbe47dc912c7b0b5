#!/bin/sh
# The whole suite; called by ./run test. Further arguments go to pytest.
set -eu
shift
if [ $# -gt 0 ]; then exec pytest "$@"; fi
pytest -n 2 --dist worksteal -m "not e2e and not processes"
pytest -m "processes and not e2e"
pytest -m "e2e"
