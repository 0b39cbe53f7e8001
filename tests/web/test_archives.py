"""The pages of bringing an archive and of taking everything away."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cast import alice, charlie
from majlis.core.clock import now
from majlis.networks import actions, queries
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams

pytestmark = pytest.mark.django_db
ACTOR = "https://old.example/users/alice"


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MAJLIS = msgspec.structs.replace(settings.MAJLIS, data_dir=tmp_path)


def archive() -> SimpleUploadedFile:
    note = {
        "id": f"{ACTOR}/statuses/1", "type": "Note", "attributedTo": ACTOR, "published": "2021-03-01T10:00:00Z",
        "content": "<p>from long ago</p>", "to": ["https://www.w3.org/ns/activitystreams#Public"],
    }  # fmt: skip
    outbox = {
        "orderedItems": [
            {"id": f"{ACTOR}/1", "type": "Create", "actor": ACTOR, "object": note},
            {"type": "?"},
        ]
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("actor.json", json.dumps({"id": ACTOR, "type": "Person", "preferredUsername": "alice"}))
        file.writestr("outbox.json", json.dumps(outbox))
    return SimpleUploadedFile("old.zip", packed.getvalue(), content_type="application/zip")


def test_an_archive_is_brought_and_its_report_read(browse: Any) -> None:
    her = alice()
    browser = browse(her)
    assert (
        browser.post("/settings/import", {"archive": archive(), "audience": ""})["Location"]
        == "/settings/import"
    )
    waiting = browser.get("/settings/import").content.decode()
    assert 'hx-get="/settings/import/state"' in waiting
    again = browser.post("/settings/import", {"archive": archive(), "audience": ""})
    assert again.status_code == 422
    actions.run_import(import_id=queries.imports(by=her.id)[0].id, at=now())
    state = browser.get("/settings/import/state").content.decode()
    assert "hx-trigger" not in state
    assert "1 post is here." in state
    assert "was not taken" in state
    assert "from long ago" in browser.get("/@alice").content.decode()


def test_a_file_that_is_no_archive_is_said_so(browse: Any) -> None:
    her = alice()
    browser = browse(her)
    browser.post("/settings/import", {"archive": SimpleUploadedFile("x.zip", b"no zip"), "audience": ""})
    actions.run_import(import_id=queries.imports(by=her.id)[0].id, at=now())
    assert "This is no archive that can be read" in browser.get("/settings/import").content.decode()
    assert browser.post("/settings/import", {}).status_code == 422


def test_everything_is_fetched_by_its_owner_and_nobody_else(browse: Any) -> None:
    her, him = alice(), charlie()
    posts.publish(by=her.id, params=PostParams(text="mine alone", audience="mentioned"), at=now())
    browser = browse(her)
    assert browser.post("/settings/export")["Location"] == "/settings/export"
    assert "hx-get" in browser.get("/settings/export").content.decode()
    assert browser.post("/settings/export").status_code == 409
    export = queries.last_export(by=her.id)
    assert export is not None
    address = f"/settings/export/{export.id}/file"
    assert browser.get(address).status_code == 404
    actions.run_export(export_id=export.id, at=now())
    assert address in browser.get("/settings/export").content.decode()
    answer = browser.get(address)
    assert answer["Cache-Control"] == "private, no-store"
    assert "attachment" in answer["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as packed:
        assert "mine alone" in packed.read("outbox.json").decode()
    assert browse(him).get(address).status_code == 404
    assert "/file" not in browse(him).get("/settings/export").content.decode()
    assert browse().get(address).status_code == 302
