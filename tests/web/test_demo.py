"""The demo library: loaded where there is nothing else, gone with one button."""

from __future__ import annotations

import socket
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


@pytest.fixture
def _served(data):
    demo.tend_service()


@pytest.mark.usefixtures("_served")
def test_who_took_the_demo_away_can_load_it_again_from_home(admin_client):
    demo.remove(actor="anna")

    offered = admin_client.get("/").content.decode()
    admin_client.post(reverse("demo-load"))
    admin_client.post(reverse("demo-load"))  # a second press finds it there

    assert "Load the demo library" in offered
    assert [library.demo for library in Library.objects.all()] == [True]
    assert Library.objects.get().scans.get().actor == "admin"


@pytest.mark.usefixtures("_served")
def test_the_demo_is_not_loaded_beside_folders_of_ones_own(admin_client, tmp_path):
    (tmp_path / "films").mkdir()
    mine = make_library(tmp_path / "films")

    admin_client.post(reverse("demo-load"))

    assert list(Library.objects.all()) == [mine]


@pytest.mark.usefixtures("_served")
def test_only_staff_loads_the_demo(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("kid"))

    client.post(reverse("demo-load"))

    assert not Library.objects.exists()


def test_the_demo_service_is_given_up_at_the_next_start_with_folders_of_ones_own(data, tmp_path):
    demo.tend_service()
    kept = demo_place.port(data)
    demo.tend_service()
    (tmp_path / "films").mkdir()
    make_library(tmp_path / "films")

    same = demo_place.port(data)
    demo.tend_service()

    assert kept == same
    assert demo_place.port(data) is None


def test_the_demo_service_moves_where_another_program_has_taken_its_port(data):
    demo.tend_service()
    taken = demo_place.port(data)

    with socket.create_server(("127.0.0.1", taken)):
        demo.tend_service()

    assert demo_place.port(data) not in (taken, None)
