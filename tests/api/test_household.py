"""Libraries, scans, sources, history, statistics and health."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs.models import Job
from journal.models import Event
from mediasync.health.models import Result
from outbound import services
from outbound.models import Source
from scanner.models import Library, MediaFile, Scan
from tests.api.household import furnish
from tests.factories import put
from tests.web.rows import make_file, make_library, make_match, make_scan, make_title

pytestmark = pytest.mark.django_db


def test_a_folder_becomes_a_library_once(program, tmp_path):
    put(tmp_path, "Kiln (2021).mkv")

    new = program.post("/libraries", {"path": str(tmp_path), "name": "Films"})
    known = program.post("/libraries", {"path": str(tmp_path)})

    assert (new.status_code, known.status_code) == (201, 200)
    assert new.json() == known.json()
    assert (new.json()["name"], new.json()["files"]) == ("Films", 0)


@pytest.mark.parametrize("path", ["/proc", "/nowhere/at/all", "/"])
def test_what_cannot_be_a_library_is_told_why(program, path):
    answer = program.post("/libraries", {"path": path})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "path"


def test_a_relative_path_is_refused(program):
    assert program.post("/libraries", {"path": "media"}).status_code == 422


def test_a_library_is_changed_and_an_empty_change_writes_nothing(program):
    library = make_library()

    told = [program.patch(f"/libraries/{library.pk}", {"name": "Cinema", "sidecars": "off"}).json() for _time in (1, 2)]

    assert (told[0]["name"], told[1]["sidecars"]) == ("Cinema", "off")
    assert Event.objects.filter(subject=f"scanner.library:{library.pk}").count() == 1
    assert program.patch(f"/libraries/{library.pk}", {"name": None}).json()["name"] == "Cinema"


def test_a_library_is_forgotten_and_its_files_stay(program, tmp_path):
    put(tmp_path, "Kiln (2021).mkv")
    library = make_library(path=str(tmp_path))
    make_file(make_match(make_title(), library=library), "Kiln (2021).mkv")

    first, second = program.delete(f"/libraries/{library.pk}"), program.delete(f"/libraries/{library.pk}")

    assert (first.status_code, first.content, second.status_code) == (204, b"", 404)
    assert not Library.with_removed.filter(pk=library.pk).exists()
    assert not MediaFile.objects.exists()
    assert (tmp_path / "Kiln (2021).mkv").exists()


def test_a_scan_is_started_and_a_second_one_joins_it(actor):
    library = make_library()

    answers = [actor.post("/scans", {"libraries": [library.pk]}) for _time in range(2)]

    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json()["scans"][0]["id"] == answers[1].json()["scans"][0]["id"]
    assert (Scan.objects.get().actor, Job.objects.get().priority) == ("Test (API key)", 0)


def test_a_scan_of_nothing_is_refused(program):
    assert program.post("/scans", {}).status_code == 409
    assert program.post("/scans", {"libraries": [4711]}).json()["errors"][0]["message"] == "there is no library 4711."
    assert program.post("/scans", {"mode": "refresh"}).status_code == 202


def test_a_scan_is_stopped_once(actor):
    scan = make_scan(state="open")

    answers = [actor.post(f"/scans/{scan.pk}/stop") for _time in range(2)]

    assert [answer.json()["state"] for answer in answers] == ["stopped", "stopped"]
    assert Event.objects.filter(subject=f"scanner.scan:{scan.pk}").count() == 1
    assert actor.post(f"/scans/{make_scan().pk}/stop").status_code == 409


def test_losses_are_confirmed_by_an_administrator_and_once(program, actor):
    scan = make_scan(state="held", losses=[1, 2, 3])

    assert program.get(f"/scans/{scan.pk}").json()["lost"] == 3
    assert actor.post(f"/scans/{scan.pk}/confirm").status_code == 403
    answers = [program.post(f"/scans/{scan.pk}/confirm") for _time in range(2)]

    assert [(answer.status_code, answer.json()["state"]) for answer in answers] == [(202, "open"), (202, "open")]
    assert Job.objects.get().key == f"scan:{scan.pk}"


def test_losses_of_a_scan_that_is_not_held_are_not_confirmed(program):
    done = make_scan(state="done")

    assert program.post(f"/scans/{done.pk}/confirm").status_code == 409
    done.refresh_from_db()
    assert done.state == "done"


def test_losses_are_refused_and_the_files_kept(actor):
    scan = make_scan(state="held", losses=[1])

    answers = [actor.post(f"/scans/{scan.pk}/refuse") for _time in range(2)]

    assert [answer.json()["state"] for answer in answers] == ["stopped", "stopped"]
    assert actor.post(f"/scans/{make_scan(state='open').pk}/refuse").status_code == 409


def test_scans_are_listed_newest_first(reader):
    old, new = make_scan(), make_scan(mode="full", state="failed")

    assert [row["id"] for row in reader.get("/scans").json()["items"]] == [new.pk, old.pk]
    assert [row["id"] for row in reader.get("/scans", mode="full", state="failed").json()["items"]] == [new.pk]


def test_a_source_tells_its_budget_and_how_it_stands(reader):
    furnish()

    told = reader.get("/sources").json()

    assert [(row["name"], row["shown"], row["budget_free"]) for row in told] == [("tmdb", "closed", 35)]
    assert told[0] == reader.get("/sources/tmdb").json()


def test_facts_of_many_sources_take_few_queries(db, django_assert_max_num_queries):
    for number in range(20):
        Source.objects.create(name=f"source-{number:02}", rules=[[35, 10]])
    sources = list(Source.objects.all())

    with django_assert_max_num_queries(4):  # one is the clock of PostgreSQL
        assert len(services.facts_of(sources)) == 20


def test_a_source_is_reset_and_tested(program, monkeypatch):
    Source.objects.create(name="tmdb", rules=[[35, 10]], circuit="open", failures=5)
    monkeypatch.setattr(services, "test", lambda name: (False, f"{name} does not answer."))

    assert program.post("/sources/tmdb/reset").json()["circuit"] == "closed"
    assert program.post("/sources/tmdb/test").json() == {"ok": False, "message": "tmdb does not answer."}
    assert (
        program.post("/sources/nonsense/test").status_code == program.post("/sources/nonsense/reset").status_code == 404
    )


def test_what_nothing_asks_any_more_cannot_be_tested(program):
    Source.objects.create(name="former", rules=[])

    assert program.post("/sources/former/test").status_code == 409


def test_events_are_found_by_thing_kind_person_words_and_time(reader):
    furnish()
    make_library(path="/media/more")
    Event.objects.create(subject="scanner.title:1", reason="looked", actor="ben", new="indexed")
    Event.objects.create(subject="scanner.titles:1", reason="other", at="2020-01-01T00:00:00Z")

    def many(**asked):
        return len(reader.get("/events", **asked).json()["items"])

    assert many(subject="scanner.titles:1") == 1
    assert many(subject="scanner.title") == 2
    assert many(actor="ben") == many(q="LOOK") == 1
    assert many(new="indexed") == 2
    assert many(until="2021-01-01T00:00:00Z") == 1


@pytest.mark.parametrize(
    ("moment", "status"),
    [
        ("2021-01-01T00:00:00Z", 200),
        ("2021-01-01T00:00:00+23:59", 200),
        ("2021-01-01T00:00:00", 422),
        ("2021-01-01", 422),
        ("0.0", 422),
        ("-62135596800", 422),
        ("0001-01-01T00:00:00+12:00", 422),
    ],
)
def test_a_moment_is_written_out_with_its_offset(reader, moment, status):
    assert reader.get("/events", since=moment).status_code == status


def test_things_are_counted_by_state(reader):
    furnish()

    counts = reader.get("/statistics/states").json()

    assert counts["items"] == {"INDEXED": 3, "ERROR": 1}
    assert counts["matches"] == {"MATCHED": 2, "UNMATCHED": 1}
    assert counts["jobs"] == {"ready": 1, "failed": 1, "done": 1}


def test_statistics_come_by_source_and_hour(reader):
    furnish()

    hours = reader.get("/statistics/sources", source="tmdb", hours=2).json()["items"]

    assert [(hour["source"], hour["attempts"], hour["failures"]) for hour in hours] == [("tmdb", 3, {"Transient": 1})]
    assert reader.get("/statistics/sources", source="other").json()["items"] == []


def test_status_and_health_say_what_is_the_matter(reader):
    furnish()

    status, health = reader.get("/status").json(), reader.get("/health").json()

    assert status["jobs"] == {"ready": 1, "failed": 1, "done": 1}
    assert health["ok"] is False
    assert any("cure" in finding and not finding["ok"] for finding in health["findings"])


def test_health_does_not_count_the_library_to_say_how_it_is(reader):
    furnish()

    with CaptureQueriesContext(connection) as asked:
        health = reader.get("/health").json()

    assert not [
        query["sql"] for query in asked if "scanner_mediafile" in query["sql"] and "shown_state" in query["sql"]
    ]
    assert {"level", "name", "hidden"} <= set(health["findings"][0])


def test_what_somebody_hid_does_not_count(reader):
    wrong = [one for one in reader.get("/health").json()["findings"] if not one["ok"]]
    Result.objects.all().delete()
    Result.objects.bulk_create(
        Result(code=one["check"], subject=one["subject"], hidden_as=one["level"], hidden_by="anna") for one in wrong
    )

    health = reader.get("/health").json()

    assert wrong
    assert health["ok"] is True
    assert all(one["hidden"] for one in health["findings"] if not one["ok"])


def test_the_pictures_of_a_library_are_chosen(program):
    library = make_library()

    told = program.patch(f"/libraries/{library.pk}", {"pictures": ["poster", "still"]}).json()

    assert told["pictures"] == ["poster", "still"]
    assert program.patch(f"/libraries/{library.pk}", {"name": "Cinema"}).json()["pictures"] == ["poster", "still"]
    assert program.patch(f"/libraries/{library.pk}", {"pictures": ["selfie"]}).status_code == 422
