"""The sources that parts declare, and their rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from journal.moves import record
from journal.redaction import keep_secret, redact
from outbound import budget, guard, pauses
from outbound.models import Source


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """A remote service as its part declares it.

    `rules` are (requests, seconds). `credentials` returns what the service knows us by, so that a
    refused key is told from a new one. `allow_hosts` are names ("nas", "127.0.0.1:8080") or networks
    that may be private for this source alone: what a person set explicitly, the demo's service.
    `timeout` is in seconds until the headers are here; None: the setting REQUEST_TIMEOUT.
    `check_path` is what "test this source" asks for, with `headers` and `parameters` (the credentials).
    `on_trial`: credentials that somebody considers; where they are refused, nobody stops for it.
    """

    name: str
    base_url: str = ""
    rules: tuple[tuple[int, float], ...] = ((35, 10.0),)
    credentials: Callable[[], str] = field(default=str)
    allow_hosts: tuple[str, ...] = ()
    timeout: float | None = None
    check_path: str = "/"
    headers: Callable[[], Mapping[str, str]] = field(default=dict)
    parameters: Callable[[], Mapping[str, str | int]] = field(default=dict)
    on_trial: bool = False

    def settings_key(self) -> str:
        """Return a hash of the credentials: equal keys are told from new ones, and nothing is shown."""
        return salted_hmac("outbound.credentials", f"{self.name}:{self.credentials()}", algorithm="sha256").hexdigest()

    def seconds(self) -> float:
        """Return the timeout until the headers must be here."""
        return self.timeout or float(settings.REQUEST_TIMEOUT)


specs: dict[str, SourceSpec] = {}
_declared: dict[str, SourceSpec] = {}  # by this process; only saves work


def register(spec: SourceSpec) -> SourceSpec:
    """Declare a source; declaring it again replaces it (the demo's service has a new port)."""
    specs[spec.name] = spec
    return spec


def spec_of(name: str) -> SourceSpec:
    """Return what was declared; raises LookupError where nobody declared `name`."""
    try:
        return specs[name]
    except KeyError:
        raise LookupError(f"no source named {name!r} is registered") from None


def allowed_with_base(base_url: str) -> tuple[str, ...]:
    """Return the allowance for an address that a person set explicitly: its host and port, nothing else."""
    _, host, port = guard.check_url(base_url)
    return (f"{host}:{port}",)


def ready(spec: SourceSpec) -> None:
    """Make or correct the row of a source before this process's first request, and when its key changed."""
    refused = Source.objects.filter(pk=spec.name).values_list("settings_key", flat=True).first()
    is_known = refused is not None and _declared.get(spec.name) is spec
    if not is_known or (refused and refused != spec.settings_key()):
        keep_secret(spec.credentials())
        _declare(spec)
        _declared[spec.name] = spec


def declare_all() -> None:
    """Make or correct the rows of every source; belongs at the start of the main process.

    There a corrected key ends the hold of the jobs that wait for it.
    """
    for spec in list(specs.values()):
        ready(spec)


def _declare(spec: SourceSpec) -> None:
    """Rules changed by hand stay until the setting they came from changes."""
    rules = [list(rule) for rule in spec.rules]
    fresh = Source(name=spec.name, rules=rules, declared_rules=rules)
    Source.objects.bulk_create([fresh], ignore_conflicts=True)
    budget.adopt(spec.name)
    with transaction.atomic():
        source = Source.objects.locked(spec.name)
        source.base_url = redact(spec.base_url)
        if source.declared_rules != rules:
            source.rules = source.declared_rules = rules
        source.save(update_fields=["base_url", "rules", "declared_rules", "updated_at"])
        if source.settings_key and source.settings_key != spec.settings_key():
            pauses.lift(source)
            record(source, reason="The credentials were changed: requests go again.")
