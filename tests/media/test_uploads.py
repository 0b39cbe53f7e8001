"""Photos taken in, described, hung on posts and thrown away, with their files."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from media_samples import animation, encode, photo, quarters, with_metadata
from msgspec.structs import replace

from cast import MOMENT, Member, alice, bob, charlie, later
from majlis.core.errors import BadInput, Conflict, NotNow, NotThere, Refused
from majlis.core.jobs.models import Job
from majlis.core.jobs.registry import Run
from majlis.media import access, actions, hiding, jobs, queries
from majlis.media.actions import Description
from majlis.people import actions as people
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, settings: Any) -> None:
    settings.MAJLIS = replace(settings.MAJLIS, data_dir=tmp_path)


def _jpeg() -> bytes:
    return encode(quarters(), "JPEG")


def _heavy() -> bytes:
    return animation("GIF", 60, (640, 560))


def _files() -> set[str]:
    return {path.name for path in settings.MAJLIS.media_dir.glob("??/??/*/*")}


def _upload(member: Member, **changes: Any) -> queries.Photo:
    id_ = actions.upload(**{"owner": member.id, "data": _jpeg(), "at": MOMENT} | changes)
    return access.own(photo_id=id_, by=member.id)


def _publish(member: Member, *photo_ids: int) -> int:
    params = PostParams(text="look", photo_ids=photo_ids)
    return posts.publish(by=member.id, params=params, at=MOMENT).post_id


def _run_jobs(name: str) -> int:
    done = 0
    for job in Job.objects.filter(name=name):
        functions = {
            actions.PREPARE_JOB: jobs.prepare,
            "media.delete_files": jobs.delete_files,
            hiding.SETTLE_JOB: jobs.settle,
        }
        run = {"run": _run()} if name == actions.PREPARE_JOB else {}
        functions[name](**job.arguments, **run)
        job.delete()
        done += 1
    return done


def _run(**changes: Any) -> Run:
    return Run(**{"id": 1, "attempt": 1, "last": False, "enqueued_at": MOMENT, "at": later(days=3)} | changes)


# taking in


def test_a_photo_is_ready_when_the_upload_returns() -> None:
    found = _upload(alice(), alt="  four quarters ", focus=(0.5, -0.25))
    assert (found.state, found.alt, found.focus_x, found.focus_y) == ("ready", "four quarters", 0.5, -0.25)
    assert {"original", "large"} <= set(found.variants)
    assert _files() == {variant.file for variant in found.variants.values()}
    original = found.variants["original"]
    assert (original.width, original.height, original.mime) == (96, 64, "image/jpeg")
    assert found.blurhash
    assert found.colour.startswith("#")


def test_masto_251_exif_no_file_that_is_kept_tells_where_it_was_taken() -> None:
    _upload(alice(), data=with_metadata("JPEG"))
    for path in settings.MAJLIS.media_dir.glob("??/??/*/*"):
        assert b"SECRET" not in path.read_bytes()
        assert b"GPS" not in path.read_bytes()


def test_a_short_animation_is_ready_at_once_and_has_a_still() -> None:
    found = _upload(alice(), data=animation("GIF", 5))
    assert (found.state, found.animated) == ("ready", True)
    assert "still" in found.variants


def test_a_long_animation_waits_for_its_job() -> None:
    owner = alice()
    found = _upload(owner, data=_heavy())
    assert (found.state, found.variants, _files()) == ("waiting", {}, set())
    with pytest.raises(NotThere):
        _publish(owner, found.id)
    assert _run_jobs(actions.PREPARE_JOB) == 1
    ready = access.own(photo_id=found.id, by=owner.id)
    assert (ready.state, ready.animated) == ("ready", True)
    assert not actions.prepare(photo_id=found.id)  # run again, it finds nothing to do
    _publish(owner, found.id)


def test_a_long_animation_that_is_damaged_fails_with_its_reason() -> None:
    owner, whole = alice(), animation("PNG", 60, (640, 560))
    middle = len(whole) // 2
    found = _upload(owner, data=whole[:middle] + bytes(300) + whole[middle + 300 :])
    assert found.state == "waiting"
    _run_jobs(actions.PREPARE_JOB)
    ended = access.own(photo_id=found.id, by=owner.id)
    assert (ended.state, ended.failure) == ("failed", "media_damaged")
    assert _kept_bytes() == 0


def test_what_cannot_be_done_now_is_tried_again_and_in_the_end_given_up() -> None:
    owner = alice()
    found = _upload(owner, data=_heavy())
    settings.MAJLIS.media_dir.parent.mkdir(exist_ok=True)
    settings.MAJLIS.media_dir.write_text("a file where the folder should be")  # as good as a full disk
    with pytest.raises(NotNow):
        jobs.prepare(photo_id=str(found.id), run=_run())
    assert (access.own(photo_id=found.id, by=owner.id).state, _kept_bytes()) == ("waiting", 1)
    with pytest.raises(NotNow):
        jobs.prepare(photo_id=str(found.id), run=_run(last=True))
    assert (access.own(photo_id=found.id, by=owner.id).state, _kept_bytes()) == ("failed", 0)


def _kept_bytes() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM media_unprocessed")
        return int(cursor.fetchone()[0])


def test_what_is_no_picture_leaves_nothing_behind() -> None:
    owner = alice()
    for data in (b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"#EXTM3U\n", b"MZ\x90", _jpeg()[:40]):
        with pytest.raises(Refused):
            actions.upload(owner=owner.id, data=data, at=MOMENT)
    assert _files() == set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM media_photo")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("focus", [(1.1, 0), (0, -2), (float("nan"), 0), (float("inf"), 0)])
def test_a_point_outside_the_photo_is_refused(focus: tuple[float, float]) -> None:
    with pytest.raises(BadInput):
        _upload(alice(), focus=focus)


def test_a_description_of_any_script_up_to_1500_characters() -> None:
    assert _upload(alice(), alt="ب" * 1500).alt == "ب" * 1500
    with pytest.raises(BadInput):
        _upload(bob(), alt="ب" * 1501)


def test_masto_14254_names_cannot_be_guessed() -> None:
    owner = alice()
    keys = [_upload(owner).key for _ in range(3)]
    assert len(set(keys)) == 3
    assert all(len(key) == 32 for key in keys)  # 160 bits


# avatars and headers


@pytest.mark.parametrize("preset", ["avatar", "header"])
@pytest.mark.parametrize("moves", [False, True])
def test_a_picture_of_a_profile_has_the_names_its_addresses_have(preset: str, moves: bool) -> None:
    data = animation("GIF", 4) if moves else encode(photo(640, 480), "JPEG")
    stored = actions.upload_picture(owner=alice().id, data=data, preset=preset)
    names = {path.name for path in settings.MAJLIS.media_dir.glob(f"??/??/{stored.key}/*")}
    assert {"large.webp", "small.webp", "still.webp"} <= names
    assert stored.animated is moves


def test_a_picture_of_a_profile_does_not_move_for_long() -> None:
    owner = alice()
    with pytest.raises(BadInput):
        actions.upload_picture(owner=owner.id, data=animation("GIF", 120, (640, 560)), preset="avatar")


def test_a_picture_that_is_replaced_goes_with_its_files() -> None:
    stored = actions.upload_picture(owner=alice().id, data=_jpeg(), preset="avatar")
    actions.discard_picture(key=stored.key)
    assert _run_jobs("media.delete_files") == 1
    assert _files() == set()


# describing and throwing away


def test_a_photo_is_described_until_it_is_posted() -> None:
    owner = alice()
    found = _upload(owner)
    actions.describe(by=owner.id, description=Description(found.id, alt="new"))
    actions.describe(by=owner.id, description=Description(found.id, focus=(0.1, 0.2)))
    changed = access.own(photo_id=found.id, by=owner.id)
    assert (changed.alt, changed.focus_x, changed.focus_y) == ("new", 0.1, 0.2)
    _publish(owner, found.id)
    with pytest.raises(Conflict):
        actions.describe(by=owner.id, description=Description(found.id, alt="behind the back of the history"))
    with pytest.raises(Conflict):
        actions.discard(by=owner.id, photo_id=found.id)


def test_a_photo_goes_with_its_files() -> None:
    owner = alice()
    found = _upload(owner)
    actions.discard(by=owner.id, photo_id=found.id)
    assert queries.photo(photo_id=found.id, owner=owner.id) is None
    assert _files() != set()  # only after the commit, by a job
    _run_jobs("media.delete_files")
    assert _files() == set()


def test_ghsa_9fcx_cv56_w58p_charlie_finds_nothing() -> None:
    found, stranger = _upload(alice()), charlie()
    refusals = []
    for photo_id in (found.id, 12345):
        for attempt in (
            lambda id_=photo_id: access.own(photo_id=id_, by=stranger.id),
            lambda id_=photo_id: actions.describe(by=stranger.id, description=Description(id_, alt="mine")),
            lambda id_=photo_id: actions.discard(by=stranger.id, photo_id=id_),
            lambda id_=photo_id: _publish(stranger, id_),
        ):
            with pytest.raises(NotThere) as caught:
                attempt()
            refusals.append(str(caught.value.sentence))
    assert refusals[:4] == refusals[4:]
    assert found.alt == ""


# drafts, deletion, writing anew


def test_photos_of_a_deleted_post_can_be_posted_anew() -> None:
    owner = alice()
    found = _upload(owner)
    first = _publish(owner, found.id)
    with pytest.raises(NotThere):
        _publish(owner, found.id)
    posts.delete(by=owner.id, post_id=first, at=MOMENT)
    second = _publish(owner, found.id)
    assert access.own(photo_id=found.id, by=owner.id).post_id == second


def test_photos_can_be_deleted_with_the_post_at_once() -> None:
    owner = alice()
    post_id = _publish(owner, _upload(owner).id)
    posts.delete(by=owner.id, post_id=post_id, at=MOMENT, with_photos=True)
    _run_jobs("media.delete_files")
    assert _files() == set()


def test_a_draft_holds_its_photos_and_lets_them_go() -> None:
    owner = alice()
    found = _upload(owner)
    draft_id = posts.keep_draft(by=owner.id, params=PostParams(photo_ids=(found.id,)), at=MOMENT)
    jobs.sweep(run=_run())
    with pytest.raises(Conflict):
        actions.discard(by=owner.id, photo_id=found.id)
    posts.discard(by=owner.id, draft_id=draft_id)
    jobs.sweep(run=_run())
    assert queries.photo(photo_id=found.id, owner=owner.id) is None


def test_a_draft_holds_its_cover_and_what_is_added_later() -> None:
    owner = alice()
    cover, later_one = _upload(owner), _upload(owner)
    first = PostParams(text="words", title="On bread", cover_id=cover.id)
    draft_id = posts.keep_draft(by=owner.id, params=first, at=MOMENT)
    more = PostParams(text="words", title="On bread", cover_id=cover.id, photo_ids=(later_one.id,))
    posts.keep_draft(by=owner.id, params=more, at=MOMENT, draft_id=draft_id)
    jobs.sweep(run=_run())
    assert len(queries.photos(photo_ids=[cover.id, later_one.id], owner=owner.id)) == 2
    posts.discard(by=owner.id, draft_id=draft_id)
    jobs.sweep(run=_run())
    assert queries.photos(photo_ids=[cover.id, later_one.id], owner=owner.id) == {}


def test_forgotten_uploads_are_swept_after_a_day() -> None:
    owner = alice()
    old, posted = _upload(owner), _upload(owner)
    young = _upload(owner, at=later(days=3) - timedelta(hours=23))
    _publish(owner, posted.id)
    jobs.sweep(run=_run())
    left = queries.photos(photo_ids=[old.id, posted.id, young.id], owner=owner.id)
    assert set(left) == {posted.id, young.id}
    _run_jobs("media.delete_files")
    assert len(list(settings.MAJLIS.media_dir.glob("??/??/*"))) == 2


# out of reach: files of what is gone


def _reachable(found: queries.Photo) -> bool:
    return _is_served(found.key, found.variants["large"].file)


def _is_served(key: str, file_name: str) -> bool:
    answer = Client().get(f"/media/{key[:2]}/{key[2:4]}/{key}/{file_name}")
    # read to its end, so that the file is closed
    return answer.status_code == 200 and len(b"".join(answer.streaming_content)) > 0  # type: ignore[attr-defined]


def _settle() -> None:
    assert Job.objects.filter(name=hiding.SETTLE_JOB, run_at__lte=later(seconds=60)).exists()
    _run_jobs(hiding.SETTLE_JOB)


def test_masto_440_media_files_of_a_deleted_post_are_gone_within_a_minute_and_come_back() -> None:
    owner = alice()
    found = _upload(owner)
    post_id = _publish(owner, found.id)
    posts.delete(by=owner.id, post_id=post_id, at=MOMENT)
    _settle()
    assert not _reachable(found)
    posts.restore(by=owner.id, post_id=post_id, at=later(minutes=1))
    _run_jobs(hiding.SETTLE_JOB)
    assert _reachable(found)


def test_masto_440_media_files_of_a_post_that_was_taken_down_are_gone() -> None:
    owner = alice()
    found = _upload(owner)
    post_id = _publish(owner, found.id)
    posts.take_down(author_id=owner.id, post_ids=[post_id], at=MOMENT)
    _settle()
    assert not _reachable(found)
    posts.put_back(author_id=owner.id, post_ids=[post_id], at=MOMENT)
    _run_jobs(hiding.SETTLE_JOB)
    assert _reachable(found)


def test_files_of_a_withdrawn_profile_are_gone_and_those_of_deleted_posts_stay_so() -> None:
    owner = alice()
    shown, deleted = _upload(owner), _upload(owner)
    _publish(owner, shown.id)
    posts.delete(by=owner.id, post_id=_publish(owner, deleted.id), at=MOMENT)
    picture = actions.upload_picture(owner=owner.id, data=_jpeg(), preset="avatar")
    people.set_avatar(by=owner.id, key=picture.key, at=MOMENT)
    people.withdraw_profile(profile_id=owner.id, at=MOMENT)
    _run_jobs(hiding.SETTLE_JOB)
    assert not _reachable(shown)
    assert not _is_served(picture.key, "large.webp")
    people.restore_profile(profile_id=owner.id, at=MOMENT)
    _run_jobs(hiding.SETTLE_JOB)
    assert (_reachable(shown), _reachable(deleted)) == (True, False)
    assert _is_served(picture.key, "large.webp")


def test_a_move_that_comes_late_does_what_is_true_then() -> None:
    owner = alice()
    found = _upload(owner)
    post_id = _publish(owner, found.id)
    posts.delete(by=owner.id, post_id=post_id, at=MOMENT)
    again = _publish(owner, found.id)  # written anew before the move
    _run_jobs(hiding.SETTLE_JOB)
    assert _reachable(found)
    posts.delete(by=owner.id, post_id=again, at=MOMENT)
    _run_jobs(hiding.SETTLE_JOB)
    assert not _reachable(found)
    _publish(owner, found.id)
    _run_jobs(hiding.SETTLE_JOB)
    assert _reachable(found)


def test_files_go_with_the_post_that_is_purged_and_with_the_profile() -> None:
    owner = alice()
    post_id = _publish(owner, _upload(owner).id)
    posts.delete(by=owner.id, post_id=post_id, at=MOMENT)
    _run_jobs(hiding.SETTLE_JOB)
    posts.purge(post_id=post_id, at=later(hours=1))
    _run_jobs("media.delete_files")
    assert [path for path in settings.MAJLIS.media_dir.rglob("*") if path.is_file()] == []
    _upload(owner)
    picture = actions.upload_picture(owner=owner.id, data=_jpeg(), preset="header")
    people.set_header(by=owner.id, key=picture.key, at=MOMENT)
    people.delete_profile(profile_id=owner.id, at=MOMENT)
    _run_jobs("media.delete_files")
    assert [path for path in settings.MAJLIS.media_dir.rglob("*") if path.is_file()] == []


# serving


def test_friendica_5c5d7eb_stored_pictures_are_served_inert() -> None:
    found = _upload(alice())
    folder = f"{found.key[:2]}/{found.key[2:4]}/{found.key}"
    answer = Client().get(f"/media/{folder}/{found.variants['large'].file}")
    body = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert body[:4] == b"RIFF"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "immutable" in answer["Cache-Control"]
    assert Client().post(f"/media/{folder}/large.webp").status_code == 405


TRAVERSALS = [
    "../secrets/django",
    "..%2fsecrets%2fdjango",
    "%2e%2e/secrets/django",
    "%252e%252e%252fsecrets%252fdjango",
    "aa/../../secrets/django",
    "/etc/passwd",
    "//etc/passwd",
    "..\\secrets\\django",
    "..%5csecrets%5cdjango",
    "{folder}/../large.webp",
    "{folder}//large.webp",
    "{folder}/./large.webp",
    "{folder}/large.webp/",
    "{folder}/large.webp%00.png",
    "{folder}/large.webp%0a",
    "{folder}/LARGE.webp",
    "{folder}/large%2ewebp/../large.webp",
    "{upper}/large.webp",
    "{folder}/large.svg",
    "{folder}",
    ".unfinished/{key}",
    "",
]


@pytest.mark.parametrize("path", TRAVERSALS)
def test_cve_2024_32982_postiz_7936062_nodebb_35e7587_other_spellings_are_not_there(path: str) -> None:
    canary = settings.MAJLIS.data_dir / "secrets" / "django"
    canary.parent.mkdir(exist_ok=True)
    canary.write_text("CANARY")
    found = _upload(alice())
    folder = f"{found.key[:2]}/{found.key[2:4]}/{found.key}"
    answer = Client().get("/media/" + path.format(folder=folder, upper=folder.upper(), key=found.key))
    assert answer.status_code == 404
    assert b"CANARY" not in answer.content
