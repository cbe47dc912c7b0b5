#!/bin/sh
# Formatters, linters, types and contracts (STYLE.md's table); called by ./run check.
set -eu
ruff format --check .
ruff check .
find templates -name '*.html' -exec djade --target-version 5.2 --check {} +
lint-imports --no-cache
mypy --no-error-summary mediasync downloads scanner outbound jobs pages journal
MEDIASYNC_DATA=$(mktemp -d)
export MEDIASYNC_DATA
python manage.py check --fail-level WARNING
python manage.py makemigrations --check --dry-run
deptry .
echo "all checks passed"
