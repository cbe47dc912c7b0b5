"""`demo_service`: the demo's metadata service on loopback; a child of `up`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from mediasync import demo_place
from mediasync.supervisor import parent
from scanner.demo.service import Server, Service


class Command(BaseCommand):
    """The demo's metadata service."""

    help = "Serve the demo's metadata on loopback (started by `up` while there is a demo library)."
    requires_system_checks = ()

    def handle(self, **options: Any) -> None:
        """Serve until ended."""
        parent.follow()
        port = demo_place.port(Path(settings.DATA_DIR))
        if port is None:
            raise CommandError("There is no demo library.", returncode=1)
        Server(Service(), port=port).serve_forever()
