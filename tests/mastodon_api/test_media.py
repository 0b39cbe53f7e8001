"""Photos over the API: taken in, described, polled for, posted, thrown away."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from api_client import App
from entity_rules import Entities

import golden
from cast import Member
from majlis.accounts import limits
from majlis.core.jobs.models import Job
from majlis.media import actions

sys.path.append(str(Path(__file__).parent.parent / "media"))
from media_samples import animation, encode, photo, quarters, with_metadata

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, settings: Any) -> None:
    settings.MAJLIS = msgspec.structs.replace(settings.MAJLIS, data_dir=tmp_path)


def _send(app: App, data: bytes | None = None, path: str = "/api/v2/media", **fields: Any) -> Any:
    picture = data if data is not None else encode(quarters(), "JPEG")
    return app.multipart("POST", path, fields, file=("a.jpg", picture, "image/jpeg"))


def _heavy() -> bytes:
    return animation("GIF", 60, (640, 560))


@pytest.mark.parametrize("path", ["/api/v1/media", "/api/v2/media", "/api/v2/media/"])
def test_trap_7_both_ways_of_uploading(alice: Member, rules: Entities, path: str) -> None:
    answer = _send(App(alice), path=path, description="four quarters", focus="0.5,-0.25")
    assert answer.status_code == 200, answer.content
    found = answer.json()
    assert rules.faults("MediaAttachment", found) == []
    assert (found["type"], found["description"]) == ("image", "four quarters")
    assert found["meta"]["focus"] == {"x": 0.5, "y": -0.25}
    original = found["meta"]["original"]
    assert (original["width"], original["height"], original["size"]) == (96, 64, "96x64")
    assert found["url"].endswith("/original.jpg")


def test_a_photo_as_it_always_was(alice: Member) -> None:
    found = _send(App(alice), encode(photo(800, 600), "JPEG"), description="صورة").json()
    found["blurhash"] = "a blurhash"  # libraries may differ in its last letters
    golden.check("media_attachment", found, {int(found["id"]): "photo(0)"})


def test_trap_6_a_long_animation_is_polled_for(alice: Member, rules: Entities) -> None:
    app = App(alice)
    taken = _send(app, _heavy(), description="a ball")
    assert (taken.status_code, taken.json()["url"], taken.json()["preview_url"]) == (202, None, None)
    assert rules.faults("MediaAttachment", taken.json()) == []
    path = f"/api/v1/media/{taken.json()['id']}"
    waiting = app.get(path)
    assert (waiting.status_code, waiting.json()["url"]) == (206, None)
    too_soon = app.post("/api/v1/statuses", {"status": "a", "media_ids": [taken.json()["id"]]})
    assert too_soon.status_code == 404
    (job,) = Job.objects.filter(name=actions.PREPARE_JOB)
    actions.prepare(photo_id=int(job.arguments["photo_id"]))
    ready = app.get(path)
    assert (ready.status_code, ready.json()["description"]) == (200, "a ball")
    assert ready.json()["url"].startswith("http")
    posted = app.post("/api/v1/statuses", {"media_ids": [taken.json()["id"]]}).json()
    assert posted["media_attachments"][0]["id"] == taken.json()["id"]


def test_trap_6_a_photo_that_is_ready_at_once_answers_200_when_polled(alice: Member) -> None:
    app = App(alice)
    taken = _send(app)
    assert app.get(f"/api/v1/media/{taken.json()['id']}").status_code == taken.status_code == 200


def test_what_cannot_be_made_ready_says_why(alice: Member) -> None:
    app, whole = App(alice), animation("PNG", 60, (640, 560))
    middle = len(whole) // 2
    taken = _send(app, whole[:middle] + bytes(300) + whole[middle + 300 :])
    actions.prepare(photo_id=int(taken.json()["id"]))
    failed = app.get(f"/api/v1/media/{taken.json()['id']}")
    assert (failed.status_code, failed.json()["code"]) == (422, "media_damaged")


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize("way", ["json", "form", "multipart"])
def test_trap_1_and_3_a_description_is_changed(alice: Member, method: str, way: str) -> None:
    app = App(alice)
    path = f"/api/v1/media/{_send(app).json()['id']}"
    send = {"json": app.send, "form": app.form, "multipart": app.multipart}[way]
    changed = send(method, path, {"description": "جديد", "focus": "-1,1"}).json()
    assert (changed["description"], changed["meta"]["focus"]) == ("جديد", {"x": -1.0, "y": 1.0})
    assert send(method, path, {"focus": "0,0"}).json()["description"] == "جديد"
    assert send(method, path, {"description": ""}).json()["description"] is None


@pytest.mark.parametrize("focus", ["1", "a,b", "1,2,3", "1.5,0", "nan,0", "inf,0", ","])
def test_a_focal_point_that_is_none_is_refused(alice: Member, focus: str) -> None:
    app = App(alice)
    assert _send(app, focus=focus).status_code == 422
    path = f"/api/v1/media/{_send(app).json()['id']}"
    assert app.put(path, {"focus": focus}).status_code == 422


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
REFUSED = {
    "nothing": (b"", "media_empty"),
    "svg": (SVG, "media_svg"),
    "playlist": (b"#EXTM3U\nhttp://127.0.0.1/", "media_playlist"),
    "page": (b"<!doctype html><html>", "media_page"),
    "polyglot": (b"GIF89a" + b"<script>alert(1)</script>", "media_disguised"),
    "video": (b"\x00\x00\x00\x18ftypmp42" + bytes(40), "media_video"),
    "mvg": (b"push graphic-context\nviewbox 0 0 1 1", "media_unknown"),
    "broken": (encode(quarters(), "JPEG")[:200], "media_damaged"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_cve_2023_36460_ghsa_wq5f_xc86_pv6w_what_is_no_picture_is_refused_by_content(
    alice: Member, kind: str
) -> None:
    data, code = REFUSED[kind]
    for path in ("/api/v1/media", "/api/v2/media"):
        answer = _send(App(alice), data, path)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert len(answer.json()["error"]) > 10


def test_masto_251_exif_nothing_of_the_camera_is_kept(alice: Member, tmp_path: Path) -> None:
    _send(App(alice), with_metadata("JPEG"))
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert not any(b"SECRET" in path.read_bytes() for path in files)


def test_pymultipart_9433f4b_the_name_of_the_file_is_not_used(alice: Member, tmp_path: Path) -> None:
    app = App(alice)
    for name in ("../../evil.jpg", "/etc/passwd", "a\\\\..\\\\b.jpg", "x" * 500, "C:\\\\x.php"):
        picture = (name, encode(quarters(), "JPEG"), "image/x-evil")
        assert app.multipart("POST", "/api/v2/media", {}, file=picture).status_code == 200
    endless = ("x" * 10_000, encode(quarters(), "JPEG"), "image/jpeg")
    assert app.multipart("POST", "/api/v2/media", {}, file=endless).status_code == 422
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} <= {
        "original.jpg", "large.webp", "small.webp", "tiny.webp"
    }  # fmt: skip


def test_without_a_file_it_says_what_is_missing(alice: Member) -> None:
    app = App(alice)
    for answer in (
        app.post("/api/v2/media", {"description": "a"}),
        app.multipart("POST", "/api/v2/media", {"file": "text"}),
    ):
        assert (answer.status_code, "file" in answer.json()["error"]) == (422, True)


def test_what_is_too_large_is_refused_before_it_is_read(alice: Member, choice: Any) -> None:
    choice(media_megabytes=1)
    assert _send(App(alice), b"\xff\xd8\xff" + bytes(1_100_000)).status_code == 413
    assert _send(App(alice), b"\xff\xd8\xff" + bytes(3_000_000)).status_code == 413


def test_ghsa_ph4f_2jhx_q76w_uploads_are_limited_per_profile(
    alice: Member, bob: Member, choice: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    choice(limits=True)
    assert limits.RULES["upload"] == "30/30 minutes"
    monkeypatch.setitem(limits.RULES, "upload", "2/hour")
    app = App(alice)
    assert [_send(app).status_code for _ in range(3)] == [200, 200, 429]
    assert _send(App(bob)).status_code == 200
    # an avatar is decoded as well, and counted with the photos
    avatar = ("a.jpg", encode(quarters(), "JPEG"), "image/jpeg")
    changed = app.multipart("PATCH", "/api/v1/accounts/update_credentials", {}, avatar=avatar)
    assert changed.status_code == 429


# posting


def test_photos_keep_their_order_and_their_descriptions_can_be_edited(alice: Member) -> None:
    app = App(alice)
    ids = [_send(app, description=f"number {number}").json()["id"] for number in range(3)]
    status = app.post("/api/v1/statuses", {"status": "a", "media_ids": ids[::-1]}).json()
    assert [each["id"] for each in status["media_attachments"]] == ids[::-1]
    path = f"/api/v1/statuses/{status['id']}"
    body = {
        "status": "a",
        "media_ids": ids,
        "media_attributes": [{"id": ids[0], "description": "new", "focus": "0.5,0.5"}],
    }
    edited = app.form("PUT", path, body).json()
    assert [each["id"] for each in edited["media_attachments"]] == ids
    first = edited["media_attachments"][0]
    assert (first["description"], first["meta"]["focus"]) == ("new", {"x": 0.5, "y": 0.5})
    again = app.put(path, body | {"media_attributes": [{"id": ids[1], "description": "other"}]}).json()
    assert again["edited_at"] > edited["edited_at"]
    history = app.get(f"{path}/history").json()
    assert [version["media_attachments"][0]["description"] for version in history] == [
        "number 2",
        "new",
        "new",
    ]
    assert history[-1]["media_attachments"][1]["description"] == "other"


def test_only_photos_make_a_status(alice: Member) -> None:
    app = App(alice)
    status = app.post("/api/v1/statuses", {"media_ids": [_send(app).json()["id"]], "sensitive": True}).json()
    assert (status["content"], status["sensitive"]) == ("", True)


def test_a_deleted_status_is_written_anew_with_its_photos(alice: Member) -> None:
    app = App(alice)
    photo_id = _send(app, description="kept").json()["id"]
    status = app.post("/api/v1/statuses", {"status": "a", "media_ids": [photo_id]}).json()
    deleted = app.delete(f"/api/v1/statuses/{status['id']}").json()
    ids = [each["id"] for each in deleted["media_attachments"]]
    again = app.post("/api/v1/statuses", {"status": deleted["text"], "media_ids": ids}).json()
    assert again["media_attachments"][0]["description"] == "kept"


def test_a_status_is_deleted_with_its_photos(alice: Member) -> None:
    app = App(alice)
    photo_id = _send(app).json()["id"]
    status = app.post("/api/v1/statuses", {"status": "a", "media_ids": [photo_id]}).json()
    app.delete(f"/api/v1/statuses/{status['id']}?delete_media=true")
    assert app.get(f"/api/v1/media/{photo_id}").status_code == 404


def test_a_posted_photo_is_changed_through_its_post_only(alice: Member) -> None:
    app = App(alice)
    photo_id = _send(app).json()["id"]
    app.post("/api/v1/statuses", {"status": "a", "media_ids": [photo_id]})
    assert app.put(f"/api/v1/media/{photo_id}", {"description": "behind the history"}).status_code == 409
    assert app.delete(f"/api/v1/media/{photo_id}").status_code == 409


# Charlie


def test_masto_14254_ghsa_9fcx_cv56_w58p_photos_of_others_are_unknown(alice: Member, charlie: Member) -> None:
    photo_id = _send(App(alice), description="canary").json()["id"]
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        answers = {
            (answer.status_code, answer.content)
            for id_ in (photo_id, "123456", "nonsense")
            for answer in [App(charlie).send(method, f"/api/v1/media/{id_}", {"description": "mine"})]
        }
        assert len(answers) == 1
        assert next(iter(answers))[0] == 404
    stolen = App(charlie).post("/api/v1/statuses", {"status": "a", "media_ids": [photo_id]})
    assert stolen.status_code == 404
    assert App(alice).get(f"/api/v1/media/{photo_id}").json()["description"] == "canary"


def test_scopes(alice: Member) -> None:
    for scopes in ("read", "write:statuses"):
        assert _send(App(alice, scopes=scopes)).status_code == 403
    assert _send(App(None, scopes="write")).status_code == 403
    assert _send(App(None)).status_code == 401
    assert _send(App(alice, scopes="write:media")).status_code == 200


def test_there_are_no_emojis(db: None) -> None:
    assert App(None).get("/api/v1/custom_emojis").json() == []
