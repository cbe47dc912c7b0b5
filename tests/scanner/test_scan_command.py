"""The `scan` command asks before what costs many requests."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from scanner.models import Scan
from tests.web.rows import make_library, make_movie

pytestmark = pytest.mark.django_db


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _film():
    make_library()
    make_movie("Kiln")


def test_a_full_scan_needs_a_yes_where_nobody_can_be_asked(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))

    with pytest.raises(CommandError, match=r"about 1 requests and up to 4 pictures.*Say --yes") as refused:
        call_command("scan", "--mode", "full")

    assert refused.value.returncode == 2
    assert not Scan.objects.exists()


@pytest.mark.parametrize("arguments", [("--mode", "full", "--yes"), ("--mode", "quick"), ()], ids=" ".join)
def test_the_others_start_at_once(monkeypatch, capsys, arguments):
    monkeypatch.setattr("sys.stdin", io.StringIO())

    call_command("scan", *arguments)

    assert Scan.objects.count() == 1
    assert "1 scans queued" in capsys.readouterr().out


@pytest.mark.parametrize(("answer", "scans"), [("y\n", 1), ("no\n", 0), ("\n", 0), ("", 0)])
def test_on_a_terminal_it_asks(monkeypatch, capsys, answer, scans):
    monkeypatch.setattr("sys.stdin", Terminal(answer))

    try:
        call_command("scan", "--mode", "full")
    except CommandError as refused:
        assert str(refused) == "Nothing was started."  # noqa: PT017  one of the answers starts it

    assert Scan.objects.count() == scans
    assert "about 1 requests" in capsys.readouterr().out
