"""The admin: every model opens, and its actions reach the services."""

from __future__ import annotations

import datetime

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from jobs.models import Job, Schedule
from journal.moves import record
from mediasync.health.models import Result
from outbound.models import Source
from scanner.models import Library, Match, Scan, Title
from tests.jobs_in_tests import job_for, run_job
from tests.web.rows import (
    make_file,
    make_job,
    make_library,
    make_match,
    make_movie,
    make_pool,
    make_scan,
    make_show,
    make_worker,
)

OURS = ("scanner", "jobs", "outbound", "health", "journal")
MODELS = [model for app in OURS for model in apps.get_app_config(app).get_models()]


@pytest.fixture
def _one_of_each(db):
    title = make_show(owned=2, missing=1)
    record(title, reason="made")
    make_job()
    make_pool()
    make_worker()
    Source.objects.create(name="tmdb")
    Schedule.objects.create(name="scan", kind="scanner.walk", every_s=900)
    Result.objects.create(code="disk", facts={"free": 1})


def act(visit, model: str, action: str, *keys):
    return visit.post(reverse(f"admin:{model}_changelist"), {"action": action, "_selected_action": keys})


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
@pytest.mark.usefixtures("_one_of_each")
def test_every_model_has_a_list_that_is_searched_and_a_page(visit, model):
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    assert model in admin.site._registry

    assert visit.get(reverse(f"{name}_changelist")).status_code == 200
    assert visit.get(reverse(f"{name}_changelist"), {"q": "a"}).status_code == 200
    for row in model.objects.all()[:1]:
        assert visit.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200


def test_guests_do_not_get_in(visit_as_guest):
    assert visit_as_guest.get("/admin/").status_code == 302


def test_jobs_are_retried_cancelled_and_moved(visit):
    job, other = make_job("a", state="failed"), make_job("b")

    act(visit, "jobs_job", "retry", job.pk)
    act(visit, "jobs_job", "first", job.pk)
    act(visit, "jobs_job", "cancel", other.pk)

    job.refresh_from_db()
    other.refresh_from_db()
    assert (job.state, job.priority, other.state) == ("ready", 0, "cancelled")


def test_a_lease_is_released(visit):
    job = make_job(state="leased", leased_by="d1:1", leased_until=timezone.now())

    act(visit, "jobs_job", "release_lease", job.pk)

    job.refresh_from_db()
    assert job.state == "ready"


def test_pools_are_paused_and_their_limit_is_typed(visit):
    pool = make_pool()

    act(visit, "jobs_pool", "pause", pool.pk)
    visit.post(reverse("admin:jobs_pool_change", args=[pool.pk]), {"limit": 3})

    pool.refresh_from_db()
    assert pool.paused_at is not None
    assert pool.limit == 3


def test_a_breaker_is_reset(visit):
    Source.objects.create(name="tmdb", circuit="open", failures=5)

    act(visit, "outbound_source", "reset_breaker", "tmdb")

    assert Source.objects.get().circuit == "closed"


def test_a_schedule_is_run_now_and_again_when_it_is_due(visit):
    later = timezone.now() + timezone.timedelta(days=1)
    schedule = Schedule.objects.create(name="scan", kind="scanner.scan_all", every_s=900, next_run_at=later)

    act(visit, "jobs_schedule", "run_now", schedule.pk)

    job = Job.objects.get(kind="scanner.scan_all")
    schedule.refresh_from_db()
    assert (job.priority, job.reason) == (0, "scan, asked for by anna")
    assert schedule.next_run_at == later


def change_schedule(visit, schedule, **fields):
    given = {"every_s": "", "daily_at": "", "enabled": "on", "priority": 2, **fields}
    visit.post(reverse("admin:jobs_schedule_change", args=[schedule.pk]), given)
    return Schedule.objects.filter(pk=schedule.pk).values_list("every_s", "daily_at", "priority", "next_run_at")[0]


@pytest.mark.repeats
def test_another_time_for_a_schedule_plans_its_next_run_anew(visit):
    later = timezone.now() + timezone.timedelta(days=30)
    schedule = Schedule.objects.create(name="scan", kind="scanner.scan_all", every_s=2_592_000, next_run_at=later)

    *seen, due = change_schedule(visit, schedule, every_s=60, priority=1)
    assert seen == [60, None, 1]
    assert due <= timezone.now() + timezone.timedelta(seconds=60)

    *seen, due = change_schedule(visit, schedule, every_s=60, daily_at="03:00")
    assert seen == [None, datetime.time(3), 2]
    assert due <= timezone.now() + timezone.timedelta(days=1)


def test_a_library_is_rescanned(visit):
    act(visit, "scanner_library", "rescan", make_library().pk)

    assert Scan.objects.get().mode == "quick"


def test_a_full_scan_is_asked_for_on_its_page(visit):
    library = make_library()

    answer = act(visit, "scanner_library", "rescan_fully", library.pk)

    assert answer.headers["Location"] == f"/scans/full/?library={library.pk}"
    assert not Scan.objects.exists()


@pytest.mark.parametrize("model", [model for model in MODELS if model is not Library], ids=str)
@pytest.mark.usefixtures("_one_of_each")
def test_facts_are_deleted_by_nobody(visit, model):
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    for pk in model.objects.values_list("pk", flat=True)[:1]:
        assert visit.post(reverse(f"{name}_delete", args=[pk]), {"post": "yes"}).status_code == 403
        assert model.objects.filter(pk=pk).exists()


def test_a_library_is_forgotten_with_its_titles_and_scans(visit):
    title, scan = make_movie("Kiln"), make_scan(state="open")
    job = make_job(f"scan:{scan.pk}", kind="scanner.walk", origin=f"scan:{scan.pk}")

    visit.post(reverse("admin:scanner_library_delete", args=[scan.library.pk]), {"post": "yes"})

    job.refresh_from_db()
    assert not Library.objects.exists()
    assert not Title.objects.filter(pk=title.pk).exists()
    assert job.state == "cancelled"


def test_libraries_are_forgotten_together(visit):
    pks = [make_library(path=path).pk for path in ("/media/films", "/media/shows")]
    make_movie("Kiln")

    visit.post(
        reverse("admin:scanner_library_changelist"),
        {"action": "delete_selected", "_selected_action": pks, "post": "yes"},
    )

    assert not Library.objects.exists()
    assert not Title.objects.exists()


def test_the_demo_is_not_deleted_here_and_the_page_names_the_button(visit):
    demo = make_library(demo=True)

    answer = visit.post(reverse("admin:scanner_library_delete", args=[demo.pk]), {"post": "yes"})

    assert "the button “Remove the demo” on the Library page" in answer.content.decode()
    assert Library.objects.exists()


def test_a_title_is_marked_for_refresh(visit):
    title = make_movie("Kiln")

    act(visit, "scanner_title", "mark_for_refresh", title.pk)

    title.refresh_from_db()
    assert title.state == "stale"


@pytest.mark.repeats
def test_a_file_that_could_not_be_read_is_looked_at_again(visit, tmp_path):
    match = make_match(library=make_library(path=str(tmp_path)))
    file = make_file(match, "Kiln.mkv", state="error", fingerprint="of its old content", last_error="denied")
    gone = make_file(match, "Gone.mkv", state="missing", fingerprint="of a moved file")
    (tmp_path / "Kiln.mkv").write_bytes(b"a film")

    act(visit, "scanner_mediafile", "look_again", file.pk, gone.pk)

    job = job_for("scanner.inspect", f"match:{match.pk}")
    assert (job.priority, job.reason) == (0, "asked to look again by anna")
    run_job("scanner.inspect", f"match:{match.pk}")
    file.refresh_from_db()
    gone.refresh_from_db()
    assert (file.state, file.last_error) == ("indexed", "")
    assert (gone.state, gone.fingerprint) == ("missing", "of a moved file")


def test_a_file_without_a_match_waits_for_the_next_scan(visit):
    file = make_file(make_match(), state="error")
    Match.objects.all().delete()

    act(visit, "scanner_mediafile", "look_again", file.pk)

    assert not Job.objects.exists()


def add_library(visit, path):
    return visit.post(
        reverse("admin:scanner_library_add"), {"path": str(path), "name": "Films", "kind": "movies", "sidecars": "all"}
    )


def test_a_folder_is_added_and_read_at_once(visit, tmp_path):
    add_library(visit, tmp_path)

    assert Library.objects.get().path == str(tmp_path.resolve())
    assert Scan.objects.exists()


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("films", "whole path"),
        ("{known}", "already"),
        ("{known}/inside", "lies inside the library"),
        ("{known}/file", "is a file"),
        ("{known}/none", "does not exist"),
        ("/", "whole file system"),
        ("/proc", "belongs to the system"),
        ("{data}", "keeps its own data"),
        ("~nobody-at-all/films", "does not exist"),
    ],
)
def test_a_folder_that_cannot_be_a_library_is_refused_with_the_reason(visit, settings, tmp_path, path, reason):
    known = tmp_path / "films"
    (known / "inside").mkdir(parents=True)
    (known / "file").write_text("")
    make_library(path=str(known))

    answer = add_library(visit, path.format(known=known, data=settings.DATA_DIR))

    assert reason in answer.content.decode()
    assert Library.objects.count() == 1


def test_the_front_page_shows_what_a_household_needs(visit):
    shown = visit.get("/admin/").content.decode()

    for word in ("/admin/scanner/match/", "/admin/jobs/pool/", "/admin/outbound/source/"):
        assert word in shown
    for word in ("axes", "django_q", "/admin/outbound/grant/", "/admin/scanner/episodefile/"):
        assert word not in shown
    assert visit.get("/admin/django_q/schedule/").status_code == 404


@pytest.mark.parametrize(("verb", "field", "value"), [("lock", "locked", True), ("ignore", "state", "ignored")])
def test_matches_are_locked_and_ignored(visit, verb, field, value):
    match = make_match()

    act(visit, "scanner_match", verb, match.pk)

    match.refresh_from_db()
    assert getattr(match, field) == value
