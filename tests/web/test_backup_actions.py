"""Backups from the page: one now for staff, one to take away for who may do everything."""

from __future__ import annotations

import pytest
from django.urls import reverse

from jobs.models import Job
from journal.models import Event
from mediasync.backups import place, scheduled
from mediasync.models import Backup


@pytest.fixture
def backup(settings, tmp_path, db) -> Backup:
    settings.BACKUP_DIR = tmp_path
    path = tmp_path / place.name(place.DAILY)
    path.write_bytes(b"a backup")
    return Backup.objects.create(file=str(path), kind=place.DAILY, ok=True)


def test_a_backup_is_queued_once(visit, db):
    for _ in range(2):
        assert visit.post(reverse("backup-now")).status_code == 302

    assert Job.objects.filter(kind=scheduled.KIND).count() == 1


def test_a_backup_is_downloaded_with_the_password_alone_and_that_is_remembered(visit, backup):
    address = reverse("backup-download", args=[backup.pk])

    asked = visit.get(address)
    answer = visit.post(address, {"password": "a-long-password"})

    assert address in visit.get("/system/").content.decode()
    assert not asked.streaming
    assert "Your password" in asked.content.decode()
    assert b"".join(answer.streaming_content) == b"a backup"
    assert "attachment" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    assert Event.objects.filter(reason="downloaded", actor="anna").exists()


def test_an_open_browser_is_not_enough_to_carry_a_backup_away(visit, backup):
    address = reverse("backup-download", args=[backup.pk])

    tried = [visit.post(address, {"password": word}) for word in ("", "wrong", "wrong", "wrong", "wrong", "wrong")]
    late = visit.post(address, {"password": "a-long-password"})

    assert tried[0].status_code == 422
    assert "That is not your password." in tried[0].content.decode()
    assert not any(answer.streaming for answer in (*tried, late)), "five tries, as when signing in"
    assert not Event.objects.filter(reason="downloaded").exists()


def test_others_get_nothing(visit_as_guest, guest, backup):
    assert visit_as_guest.post(reverse("backup-now")).status_code == 403
    guest.is_staff = True
    guest.save()
    assert visit_as_guest.post(reverse("backup-download", args=[backup.pk])).status_code == 403


@pytest.mark.parametrize("file", ["/etc/passwd", ""])
def test_only_files_of_our_folder_are_sent(visit, backup, file):
    Backup.objects.filter(pk=backup.pk).update(file=file)

    assert visit.post(reverse("backup-download", args=[backup.pk])).status_code == 404


def test_the_system_page_says_how_much_of_a_backup_is_pictures(visit, backup):
    Backup.objects.filter(pk=backup.pk).update(bytes=5 << 20, pictures_bytes=2 << 20)

    page = visit.get("/system/").content.decode()

    assert "of it uploaded pictures</p>" in page
