"""The API's page in a real browser: under the strict policy, from our own origin alone."""

from __future__ import annotations

import pytest

from tests.web.rows import make_job

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_staff_read_the_api_and_try_an_operation(signed_in):
    job = make_job("title:1")
    page = signed_in.open("/api/v1/docs")

    page.locator("[data-path='/api/v1/jobs/{pk}/cancel']").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_placeholder("pk").fill(str(job.pk))
    page.get_by_role("button", name="Execute").click()
    page.locator(".live-responses-table .response-col_status", has_text="200").wait_for()

    job.refresh_from_db()
    assert job.state == "cancelled"
