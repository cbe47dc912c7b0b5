"""The page that shows the API."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.api.conftest import BASE

pytestmark = pytest.mark.django_db


def test_the_page_is_for_staff(client, visit, visit_as_guest):
    assert client.get(f"{BASE}/docs").headers["Location"] == "/login/?next=/api/v1/docs"
    assert visit_as_guest.get(f"{BASE}/docs").status_code == 403
    assert b"swagger-ui" in visit.get(f"{BASE}/docs").content


def test_its_files_are_ours_and_nothing_else_is_sent(visit):
    script = visit.get(f"{BASE}/docs/swagger-ui-bundle.js")

    assert b"SwaggerUIBundle" in b"".join(script.streaming_content)
    assert script.headers["Content-Type"] == "text/javascript"
    assert visit.get(f"{BASE}/docs/redoc.standalone.js").status_code == 404
    assert visit.get(f"{BASE}/docs/..%2f__init__.py").status_code == 404


def test_people_at_the_root_are_led_to_the_page(visit):
    assert visit.get(f"{BASE}/", headers={"Accept": "text/html"}).headers["Location"] == f"{BASE}/docs"
    assert visit.get(f"{BASE}/").status_code == 404


def test_nothing_of_the_api_is_loaded_before_somebody_asks_for_it():
    code = """if 1:
        import sys, django
        django.setup()
        from django.urls import resolve, reverse
        import mediasync.wsgi, jobs.drain, mediasync.supervisor.cluster
        resolve("/library/"), reverse("queue"), reverse("scanner:library")
        loaded = {"ninja", "pydantic"} & set(sys.modules)
        assert not loaded, loaded
        reverse("api:docs")
        assert "ninja" in sys.modules
    """
    subprocess.run([sys.executable, "-c", code], check=True)
