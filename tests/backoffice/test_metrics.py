"""/metrics answers this machine alone."""

from __future__ import annotations

import pytest
from django.test import Client
from rooms import signed_in

from cast import Member
from majlis.core.jobs import actions as jobs

HERE = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1:8000"}


def test_numbers_of_the_queue(db: None) -> None:
    jobs.enqueue("accounts.send_mail", {"to": "a@example.org", "subject": "s", "text": "t", "html": ""})
    response = Client().get("/metrics", **HERE)  # type: ignore[arg-type]
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/plain")
    assert 'majlis_jobs{state="due"} 1.0' in response.content.decode()
    assert "majlis_job_run_seconds" in response.content.decode()


@pytest.mark.parametrize(
    "other",
    [
        {"REMOTE_ADDR": "203.0.113.9"},
        {"REMOTE_ADDR": ""},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
        {"HTTP_HOST": "testserver"},
    ],
)
def test_from_elsewhere_it_is_an_unknown_page(omar: Member, other: dict[str, str]) -> None:
    for client in (Client(), signed_in(omar)):
        assert client.get("/metrics", **{**HERE, **other}).status_code == 404  # type: ignore[arg-type]
