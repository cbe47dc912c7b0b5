"""The demo library: loaded where there is nothing else, gone with one button."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.urls import reverse

from mediasync import demo, demo_place
from scanner.models import Library, MediaFile, Title
from scanner.services import scanning
from tests.factories import make_library

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


def test_the_demo_is_a_library_of_files_that_a_scan_finds(data):
    library = demo.load()
    scanning.run(library.scans.get())

    assert library.demo
    assert MediaFile.objects.filter(library=library).count() > 100


def test_one_button_removes_the_demo_with_its_files_and_it_stays_away(data, admin_client):
    demo_place.reserve(data)
    library = demo.load()
    scanning.run(library.scans.get())

    page = admin_client.post(reverse("demo-remove"), follow=True)

    assert page.redirect_chain == [(reverse("scanner:library"), 302)]
    assert not Library.objects.exists()
    assert not Title.objects.exists()
    assert not Path(library.path).exists()
    assert demo_place.port(data) is None
    assert not demo.wanted()


def test_a_library_of_ones_own_is_not_touched_by_the_button(data, admin_client, tmp_path):
    (tmp_path / "films").mkdir()
    mine = make_library(tmp_path / "films")
    demo.load()

    admin_client.post(reverse("demo-remove"))

    assert list(Library.objects.all()) == [mine]
    assert (tmp_path / "films").is_dir()


def test_only_staff_removes_the_demo(data, client, django_user_model):
    client.force_login(django_user_model.objects.create_user("kid"))
    demo.load()

    client.post(reverse("demo-remove"))

    assert Library.objects.exists()


def test_the_demo_service_is_asked_only_while_there_is_no_key(data, settings):
    port = demo_place.reserve(data)

    assert demo_place.metadata_service(data, settings.TMDB).base_url == f"http://127.0.0.1:{port}/3"
    mine = replace(settings.TMDB, api_key="mine")
    assert demo_place.metadata_service(data, mine) is mine
