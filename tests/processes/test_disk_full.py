"""A full disk: what is written is refused in a sentence, what is read goes on, and room is all it needs.

On real file systems of a few megabytes, which only root can mount.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from api_client import multipart
from media_samples import encode, photo
from PIL import Image

import houses
from houses import Answer, House, until
from majlis.core.postgres import ensure
from running import open_folder
from small_disks import fill, small_disk
from town import Person, Town

pytestmark = pytest.mark.slow

ENGLISH, ARABIC = "no room left", "لم "


def empty(folder: Path) -> None:
    (folder / "filler").unlink()


@dataclass
class Signed:
    """A browser in which somebody is signed in, as far as this test needs one."""

    house: House
    cookies: str

    def ask(self, path: str, language: str, **fields: str) -> Answer:
        body = "&".join(f"{name}={value}" for name, value in fields.items()).encode()
        connection = houses.http.client.HTTPConnection("127.0.0.1", self.house.port, timeout=30)
        headers = {
            "Cookie": f"{self.cookies}; majlis_language={language}; csrftoken={'a' * 32}",
            "Content-Type": "application/x-www-form-urlencoded",
            "X-CSRFToken": "a" * 32,
        }
        connection.request("POST" if fields else "GET", path, body=body or None, headers=headers)
        response = connection.getresponse()
        answer = Answer(response.status, dict(response.getheaders()), response.read())
        connection.close()
        return answer


def browser(person: Person) -> Signed:
    key = person.house.hand(
        "from django.test import Client; client = Client(); client.force_login(cast.User.objects.get(id=given));"
        " result = client.cookies['majlis_session'].value",
        person.user_id,
    )
    return Signed(person.house, f"majlis_session={key}")


def large_photo() -> bytes:
    """More than Django keeps in memory (1 MB): noise, which no format makes smaller."""
    data = encode(Image.effect_noise((1100, 1100), 80).convert("RGB"), "PNG")
    assert 2**20 < len(data) < 16 * 2**20
    return data


def send_photo(person: Person, data: bytes, language: str = "en") -> Answer:
    body, kind = multipart([], {"file": ("p.jpg", data, "image/jpeg")})
    connection = houses.http.client.HTTPConnection("127.0.0.1", person.house.port, timeout=30)
    headers = {"Authorization": f"Bearer {person.token}", "Content-Type": kind, "Accept-Language": language}
    connection.request("POST", "/api/v2/media", body=body, headers=headers)
    response = connection.getresponse()
    answer = Answer(response.status, dict(response.getheaders()), response.read())
    connection.close()
    return answer


def reading_goes_on(bob: Person, alice: Person, kept: str) -> None:
    """The feed, a thread, a profile, a search, pages: for members and guests."""
    assert kept in [post["id"] for post in bob.home()]
    for path in (
        f"/api/v1/statuses/{kept}", f"/api/v1/statuses/{kept}/context", f"/api/v1/accounts/{alice.id}/statuses",
        "/api/v2/search?q=alice", "/api/v1/notifications", "/api/v1/timelines/public", "/api/v2/instance",
    ):  # fmt: skip
        assert bob.ask(path).status == 200, (path, bob.house.log[-3000:])
    signed = browser_of(bob)
    for path in ("/home", f"/@{alice.handle}", f"/@{alice.handle}/{kept}", "/search?q=alice", "/notifications",
                 "/settings", "/explore"):  # fmt: skip
        assert signed.ask(path, "en").status == 200, (path, bob.house.log[-3000:])
        assert bob.house.ask(path).status in (200, 302), path


_browsers: dict[int, Signed] = {}


def browser_of(person: Person) -> Signed:
    """One that was signed in before the disk was full."""
    if person.id not in _browsers:
        _browsers[person.id] = browser(person)
    return _browsers[person.id]


def writing_is_refused(person: Person, rows: dict[str, int]) -> None:
    """In the reader's language, as JSON to apps and as a page to browsers; and nothing was kept."""
    for language, words in (("en", ENGLISH), ("ar", ARABIC)):
        answer = person.ask(
            "/api/v1/statuses",
            method="POST",
            send={"status": "too much"},
            headers={"Accept-Language": language},
        )
        assert (answer.status, answer.json()["code"]) == (503, "disk_full")
        assert words in answer.json()["error"]
        assert answer.headers["retry-after"]
        page = browser_of(person).ask("/compose", language, text="too+much", audience="public")
        assert page.status == 503
        assert words in page.body.decode()
    assert count(person.house) == rows


def count(house: House) -> dict[str, int]:
    found: dict[str, int] = house.hand(
        "from django.db import connection as c\nresult = {}\n"
        "for table in ('posts_post', 'media_photo', 'people_profile'):\n"
        "    cursor = c.cursor(); cursor.execute('SELECT count(*) FROM ' + table); result[table] = cursor.fetchone()[0]"
    )
    return found


def test_media_store_full_photos_are_refused_and_everything_else_goes_on() -> None:
    with (
        open_folder() as folder,
        small_disk(folder / "data" / "media", 4) as media,
        houses.house(data_dir=folder / "data") as house,
    ):
        town = Town(house)
        alice, bob, _charlie = town.friends()
        kept = alice.post("before")["id"]
        browser_of(bob), browser_of(alice)
        data = encode(photo(), "JPEG")
        assert send_photo(alice, data).status == 200
        fill(media, leave=0)
        before, files = count(house), sorted(media.rglob("*"))
        for language, words in (("en", ENGLISH), ("ar", ARABIC)):
            refused = send_photo(alice, data, language)
            assert (refused.status, refused.json()["code"]) == (503, "media_store_full")
            assert words in refused.json()["error"]
        assert count(house) == before
        assert sorted(media.rglob("*")) == files
        reading_goes_on(bob, alice, kept)
        assert alice.post("words need no room there")["id"]
        empty(media)
        assert send_photo(alice, data).status == 200
        assert "Traceback" not in house.log


def test_uploads_lie_in_the_data_folder_and_what_was_left_of_them_is_gone_at_the_start() -> None:
    """The system's temporary folder is full from the beginning, and nothing here asks it for room."""
    with open_folder() as folder, small_disk(folder / "tmp", 1) as temporary:
        fill(temporary, leave=0)
        uploads = folder / "data" / ".uploads"
        uploads.mkdir(parents=True)
        (uploads / "abc.upload.jpg").write_bytes(b"what a killed server left")
        with houses.house(data_dir=folder / "data", TMPDIR=str(temporary)) as house:
            assert list(uploads.iterdir()) == [], "left by nobody who runs"
            alice = Town(house).person("alice")
            assert send_photo(alice, large_photo()).status == 200
            assert list(uploads.iterdir()) == []


def test_without_room_for_uploads_large_photos_are_refused_and_leave_nothing() -> None:
    with (
        open_folder() as folder,
        small_disk(folder / "data" / ".uploads", 1) as uploads,
        houses.house(data_dir=folder / "data") as house,
    ):
        alice, bob, _charlie = Town(house).friends()
        kept = alice.post("before")["id"]
        browser_of(bob), browser_of(alice)
        rows = count(house)
        for language, words in (("en", ENGLISH), ("ar", ARABIC)):
            refused = send_photo(alice, large_photo(), language)
            assert (refused.status, refused.json()["code"]) == (503, "disk_full")
            assert words in refused.json()["error"]
            assert list(uploads.iterdir()) == [], "it would itself keep the disk full"
        assert count(house) == rows
        reading_goes_on(bob, alice, kept)
        assert alice.post("words need no room there")["id"]
        assert "Traceback" not in house.log


@contextlib.contextmanager
def house_on_a_small_disk(megabytes: int) -> Iterator[tuple[House, Path, Person, Person, str]]:
    with (
        open_folder() as folder,
        small_disk(folder / "data", megabytes) as disk,
        houses.house(data_dir=disk) as house,
    ):
        alice, bob, _charlie = Town(house).friends()
        kept = alice.post("before")["id"]
        browser_of(bob), browser_of(alice)
        yield house, disk, alice, bob, kept


def posts_again(person: Person) -> str:
    """Wait until a post is taken, without anything being started anew by hand."""

    def post() -> Any:
        answer = person.ask("/api/v1/statuses", method="POST", send={"status": "after"})
        return answer.status == 200 and answer.json()["id"]

    return str(until(post, 60, every=0.5))


def test_a_nearly_full_disk_is_closed_to_writing_and_opens_by_itself() -> None:
    with house_on_a_small_disk(600) as (house, disk, alice, bob, kept):
        fill(disk, leave=60 * 2**20)
        until(lambda: "The disk is full" in house.log, 20)
        until(lambda: alice.ask("/api/v1/statuses", method="POST", send={"status": "x"}).status == 503, 10)
        rows = count(house)
        writing_is_refused(alice, rows)
        reading_goes_on(bob, alice, kept)
        workers = house.job_processes()
        fill(disk, leave=0)
        writing_is_refused(alice, rows)
        reading_goes_on(bob, alice, kept)
        assert house.job_processes() == workers, "the worker waits and does not fall over"
        empty(disk)
        after = posts_again(alice)
        until(lambda: after in [post["id"] for post in bob.home()], 10)
        assert "Traceback" not in house.log


def use_up_the_log(house: House) -> None:
    """Write into the database's log until it needs another file, for which there is no room: it dies."""
    url = house.database_url().replace("majlis@", "postgres@")
    with contextlib.suppress(psycopg.OperationalError), psycopg.connect(url, autocommit=True) as connection:
        for _time in range(100):
            connection.execute("SELECT pg_logical_emit_message(false, 'x', repeat('x', 1000000))")
        raise AssertionError("there was room after all")


def test_a_disk_that_fills_in_a_moment_takes_the_database_down_and_it_comes_back_to_be_read() -> None:
    with house_on_a_small_disk(600) as (house, disk, alice, bob, kept):
        house.process.send_signal(houses.signal.SIGSTOP)  # nobody looks while it fills
        fill(disk, leave=0)
        acknowledged = []
        for number in range(3000):
            answer = alice.ask("/api/v1/statuses", method="POST", send={"status": f"{number} " + "x" * 480})
            if answer.status != 200:
                assert answer.status == 503, answer
                break
            acknowledged.append(answer.json()["id"])
        print(f"{len(acknowledged)} posts until it was full")
        use_up_the_log(house)
        assert "PANIC" in (disk / "postgres" / "server.log").read_text()
        house.process.send_signal(houses.signal.SIGCONT)
        until(lambda: bob.ask(f"/api/v1/statuses/{kept}").status == 200, 60, why=house.log[-3000:])
        until(lambda: "The disk is full" in house.log or (disk / "postgres" / "full.conf").exists(), 20)
        reading_goes_on(bob, alice, kept)
        answer = alice.ask("/api/v1/statuses", method="POST", send={"status": "x"})
        assert (answer.status, answer.json()["code"]) == (503, "disk_full")
        empty(disk)
        posts_again(alice)
        for id_ in acknowledged:
            assert alice.ask(f"/api/v1/statuses/{id_}").status == 200, "nothing that was answered is lost"


def test_a_database_of_ones_own_with_a_full_disk_is_read_and_refuses_in_the_same_words() -> None:
    """Nobody looks after its disk: PostgreSQL itself says 53100, or where it has been set to reading, 25006."""
    with open_folder() as elsewhere, open_folder() as folder, small_disk(elsewhere / "disk", 300) as disk:
        server = ensure(disk, "wheel", tell=lambda line: None)
        try:
            with houses.house(data_dir=folder / "data", DATABASE_URL=server.url) as house:
                alice, bob, _charlie = Town(house).friends()
                kept = alice.post("before")["id"]
                browser_of(bob), browser_of(alice)
                fill(disk, leave=0)
                acknowledged = []
                for number in range(3000):
                    if number % 100 == 99:
                        fill(disk, leave=0)  # a checkpoint gives room back
                    send = {"status": f"{number} " + "x" * 480}
                    answer = alice.ask("/api/v1/statuses", method="POST", send=send)
                    if answer.status != 200:
                        break
                    acknowledged.append(answer.json()["id"])
                print(f"{len(acknowledged)} posts until it was full")
                assert (answer.status, answer.json()["code"]) == (503, "disk_full")
                assert ENGLISH in answer.json()["error"]
                assert answer.headers["retry-after"]
                reading_goes_on(bob, alice, kept)
                empty(disk)
                posts_again(alice)
                for id_ in acknowledged:
                    assert alice.ask(f"/api/v1/statuses/{id_}").status == 200, "nothing answered is lost"
                assert "Traceback" not in house.log
                assert "Internal Server Error" not in house.log
                with psycopg.connect(server.url, autocommit=True) as connection:
                    connection.execute("ALTER DATABASE majlis SET default_transaction_read_only = on")
                    connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                                       " WHERE datname = 'majlis' AND pid <> pg_backend_pid()")  # fmt: skip
                until(lambda: alice.ask("/api/v1/statuses", method="POST", send={"status": "x"}).json()
                      .get("code") == "disk_full", 20)  # fmt: skip
                reading_goes_on(bob, alice, kept)
        finally:
            server.stop()
