"""The command line: prepares the environment, then hands over to Django."""

from __future__ import annotations

import os
import sys

from mediasync.environment import BadSetting


def main() -> None:
    """Run a management command; a bad setting ends with 2 and a sentence, not a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mediasync.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415  settings first

    try:
        execute_from_command_line(sys.argv)
    except BadSetting as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
