"""The key and the language of the metadata service: tried before they are kept, and known at once."""

from __future__ import annotations

import dataclasses
import datetime

from django.utils import timezone

from jobs.models import Job
from outbound import sources
from outbound.models import Source
from pages import moment
from scanner.demo.service import KEY
from scanner.models import Household
from scanner.providers import service, tmdb
from tests.fakes.tmdb import fake_tmdb


def test_a_key_is_tried_before_it_is_kept(visit, fake):
    answer = visit.post("/settings/metadata/", {"key": f" {KEY}\n"})

    assert answer.status_code == 302
    assert fake.asked == ["/3/configuration"]
    assert Household.objects.get().tmdb_api_key == KEY
    assert tmdb.configured()
    assert Job.objects.filter(kind="scanner.upkeep").exists()
    shown = visit.get("/settings/metadata/").content.decode()
    assert KEY not in shown
    assert KEY[-4:] in shown


def test_a_key_is_tried_at_tmdb_and_not_at_the_demos_service(visit, fake, settings):
    with fake_tmdb() as demos:
        settings.TMDB = dataclasses.replace(settings.TMDB, api_key="0" * 32, base_url=f"{demos.address}/3", demo=True)
        tmdb.register_sources()

        answer = visit.post("/setup/key/", {"key": KEY})

        assert answer.url == "/setup/scan/"
        assert (fake.asked, demos.asked) == (["/3/configuration"], [])
    assert service.current().base_url == f"{fake.address}/3"


def test_a_refused_key_changes_nothing_and_stops_nobody(visit, fake):
    answer = visit.post("/settings/metadata/", {"key": "f" * 32})

    assert answer.status_code == 422
    assert "does not accept this key" in answer.content.decode()
    assert not Household.objects.exists()
    source = Source.objects.get(pk="tmdb")
    assert (source.settings_key, source.paused_until, source.failures) == ("", None, 0)


def test_what_is_no_key_is_not_even_tried(visit, fake):
    answer = visit.post("/settings/metadata/", {"key": "my key?"})

    assert answer.status_code == 422
    assert fake.asked == []


def test_a_key_can_be_kept_untried_while_the_service_is_away(visit, fake):
    fake.fail("configuration", status=503)

    asked = visit.post("/settings/metadata/", {"key": KEY})
    visit.post("/settings/metadata/", {"key": KEY, "anyway": "1"})

    assert "could not be asked" in asked.content.decode()
    assert Household.objects.get().tmdb_api_key == KEY


def test_the_next_page_knows_the_choice_although_another_web_process_took_it(visit):
    assert 'value="en-US"' in visit.get("/settings/metadata/").content.decode()
    Household.objects.create(pk=1, tmdb_language="fr-FR")  # the other process writes it down,
    moment.ended()  # and ends the moment, as after every action

    page = visit.get("/settings/metadata/").content.decode()

    assert 'name="language" list="languages" value="fr-FR"' in page


def test_a_new_key_ends_what_the_refused_one_began(visit, fake):
    Household.objects.create(pk=1, tmdb_api_key="e" * 32)
    service.look_again()
    tmdb.service()
    sources.ready(sources.spec_of("tmdb"))
    Source.objects.filter(pk="tmdb").update(
        settings_key=sources.spec_of("tmdb").settings_key(),
        paused_at=timezone.now(),
        paused_until=timezone.now() + datetime.timedelta(days=1),
        paused_as="NotConfigured",
        paused_reason="refused",
    )

    visit.post("/settings/metadata/", {"key": KEY})

    assert Source.objects.get(pk="tmdb").settings_key == ""


def test_a_key_of_the_environment_is_not_changed_here(visit, fake, settings):
    settings.TMDB = dataclasses.replace(settings.TMDB, api_key=KEY)

    assert "environment" in visit.get("/settings/metadata/").content.decode()
    assert visit.post("/settings/metadata/", {"key": "e" * 32}).status_code == 422
    assert not Household.objects.exists()


def test_the_language_of_descriptions_is_chosen(visit, fake):
    wrong = visit.post("/settings/metadata/language/", {"language": "de_DE<"})
    visit.post("/settings/metadata/language/", {"language": "de-DE"})

    assert wrong.status_code == 422
    assert service.current().language == "de-DE"


def test_a_refused_key_does_not_send_one_elsewhere(visit, fake):
    told = visit.post("/setup/key/", {"key": "f" * 32}).content.decode()

    assert "TMDB does not accept this key." in told
    assert "in the settings" not in told


def test_the_metadata_key_is_asked_about_before_it_is_forgotten(visit):
    Household.objects.update_or_create(pk=1, defaults={"tmdb_api_key": KEY})

    asked = visit.get("/settings/metadata/key/remove/").content.decode()
    assert "Forget the TMDB key?" in asked
    assert Household.objects.get().tmdb_api_key == KEY

    visit.post("/settings/metadata/key/remove/")
    assert Household.objects.get().tmdb_api_key == ""
