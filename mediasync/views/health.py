"""What machines ask: alive, and ready."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from jobs.models import Drain
from mediasync.context import ALIVE


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that the web process lives; asks nothing of the database."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when database, migrations and a worker are there, else 503 and which is not."""
    checks = {"database": False, "migrations": False, "worker": False}
    try:
        checks["migrations"] = _migrated()
        checks["database"] = True
        checks["worker"] = Drain.objects.filter(beat_at__gte=timezone.now() - ALIVE).exists()
    except DatabaseError:
        pass  # the answer says which check did not come out true
    ready = all(checks.values())
    response = JsonResponse({"ready": ready, "checks": checks}, status=200 if ready else 503)
    response["Cache-Control"] = "no-store"
    return response


def _migrated() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
