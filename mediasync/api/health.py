"""What a person does about the health checks: test everything now, hide what is known, show it again."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from mediasync.api import problems
from mediasync.api.auth import actor_of
from mediasync.api.door import acts
from mediasync.api.jobs import JobRow, latest_job
from mediasync.api.paging import Text, Word
from mediasync.api.shapes import accepts, looks_like
from mediasync.health import acts as buttons
from mediasync.health import looking
from mediasync.health.checks import CHECKS
from mediasync.health.finding import Level
from mediasync.health.handlers import EVERYTHING
from mediasync.keys import Scope

router = Router(tags=["system"])


class FindingAsked(Schema):
    """Which finding: `check` and `subject` as /health says them."""

    check: Word
    subject: Text = Field("", description="Empty where the check has one finding only.")

    model_config = accepts({"check": "disk-data", "subject": ""})


class Hidden(Schema):
    """Whether a finding is out of sight until it changes."""

    hidden: bool

    model_config = looks_like({"hidden": True})


@acts(router, "/health/look", {202: JobRow}, scope=Scope.ADMIN, errors=[409])
def look_at_everything(request: HttpRequest) -> Any:
    """Test everything now.

    Also what takes long. The answer is its job; /health says what came of it.
    """
    buttons.do("test-everything", "", actor=actor_of(request))
    return latest_job("health.look", EVERYTHING)


@acts(router, "/health/hide", {200: Hidden}, scope=Scope.ADMIN, errors=[404, 409])
def hide_finding(request: HttpRequest, asked: FindingAsked) -> Any:
    """Hide a finding until it changes.

    409 where it is well in the meantime, or needs somebody: such cannot be hidden.
    """
    finding = looking.found(_known(asked), asked.subject)
    if finding is None:
        raise problems.moved_on("It is well in the meantime.")
    if finding.level == Level.ERROR:
        raise problems.moved_on("What needs somebody cannot be hidden.")
    looking.hide(finding, actor=actor_of(request))
    return {"hidden": True}


@acts(router, "/health/show", {200: Hidden}, scope=Scope.ADMIN, errors=[404])
def show_finding(request: HttpRequest, asked: FindingAsked) -> Any:
    """Show a hidden finding again.

    Nothing happens where it is not hidden.
    """
    looking.show(_known(asked), asked.subject, actor=actor_of(request))
    return {"hidden": False}


def _known(asked: FindingAsked) -> str:
    if asked.check not in CHECKS:
        raise problems.missing(f"check “{asked.check}”")
    return asked.check
