"""`apikey`: made once, listed without the secret, taken back."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from mediasync import keys

pytestmark = pytest.mark.django_db


def told(*given: str):
    out = io.StringIO()
    call_command("apikey", *given, stdout=out)
    return out.getvalue()


def test_a_key_is_shown_once_and_opens():
    made = json.loads(told("create", "Home", "--scope", "act", "--days", "30", "--json"))
    listed = told("list", "--json")

    assert keys.found(made["key"]).name == "Home"
    assert (made["scope"], made["standing"]) == ("act", "active")
    assert made["key"] not in listed
    assert json.loads(listed)[0]["prefix"] == made["prefix"]


def test_people_get_a_sentence_and_a_table():
    first = told("create", "Home").splitlines()

    assert first[0].startswith("msk_")
    assert "not shown again" in first[1]
    assert f"{first[0][:12]}_…" in told("list")
    assert first[0] not in told("list")


@pytest.mark.parametrize("named", ["{0.pk}", "{0.prefix}", "msk_{0.prefix}_…"])
def test_a_key_is_revoked_by_its_number_or_its_beginning(named):
    row, full = keys.create("Old", actor="anna")

    assert told("revoke", named.format(row)) == "“Old” opens nothing any more.\n"
    assert told("revoke", named.format(row)) == "“Old” was revoked before.\n"
    assert keys.found(full) is None
    assert "revoked" in told("list")


def test_without_keys_the_list_says_how_to_make_one():
    assert "apikey create" in told("list")


@pytest.mark.parametrize("given", [("create", " "), ("create", "x", "--days", "0"), ("revoke", "nonsense")])
def test_wrong_use_ends_with_2(given):
    with pytest.raises(CommandError) as error:
        told(*given)

    assert error.value.returncode == 2
