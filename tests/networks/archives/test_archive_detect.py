"""Whose archive it is, the report, and archives of 100,000 posts."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import msgspec
import pytest

from majlis.networks.archives.container import UnreadableArchive
from majlis.networks.archives.detect import detect
from majlis.networks.archives.opening import open_container
from majlis.networks.archives.reasons import NOT_TAKEN, TAKEN_WITH
from majlis.networks.archives.records import Skipped
from majlis.networks.archives.report import EXAMPLES_KEPT, Report


@pytest.mark.parametrize(
    ("names", "network", "root"),
    [
        (["data/tweets.js"], "x", ""),
        (["Your archive.html", "data/account.js"], "x", ""),
        (["twitter/data/tweet.js"], "x", "twitter/"),
        (["outbox.json", "actor.json"], "mastodon", ""),
        (["archive-1/outbox.json"], "mastodon", "archive-1/"),
        (["lists.csv"], "mastodon", ""),
        (["posts/your_posts_1.json"], "facebook", ""),
        (
            ["facebook-alice/posts/your_posts_1.json", "facebook-alice/posts/x/posts_1.json"],
            "facebook",
            "facebook-alice/",
        ),
        (["content/posts_1.json"], "instagram", ""),
        (["your_instagram_activity/media/reels.json"], "instagram", ""),
        (["ig/media.json"], "instagram", "ig/"),
    ],
)
def test_the_network_and_its_folder_are_found(
    tmp_path: Path, zip_at: Any, names: list[str], network: str, root: str
) -> None:
    with open_container(zip_at(tmp_path / "a.zip", dict.fromkeys(names, "[]"))) as container:
        found = detect(container)
    assert (found.network, found.root) == (network, root)


@pytest.mark.parametrize(
    ("names", "code"),
    [
        ([], "archive_empty"),
        (["holiday.jpg"], "archive_unknown_network"),
        (["a/b/c/d/e/data/tweets.js"], "archive_unknown_network"),
        (["your_instagram_activity/media/posts_1.html"], "archive_in_pages"),
        (
            ["your_facebook_activity/posts/your_posts__check_ins__photos_and_videos_1.html"],
            "archive_in_pages",
        ),
        (["Connections.csv", "Shares.csv"], "archive_linkedin"),
    ],
)
def test_what_is_unknown_is_a_sentence(tmp_path: Path, zip_at: Any, names: list[str], code: str) -> None:
    path = zip_at(tmp_path / "a.zip", dict.fromkeys(names, "[]"))
    with open_container(path) as container, pytest.raises(UnreadableArchive) as refused:
        detect(container)
    assert refused.value.code == code
    assert str(refused.value.sentence).endswith((".", "here."))


def test_every_reason_is_a_sentence() -> None:
    params = {"limit": "5", "ratio": "5"}
    for code, sentence in (NOT_TAKEN | TAKEN_WITH).items():
        assert str(sentence) % params, code
        assert str(sentence)[0].isupper()
    assert Skipped(what="x", code="item_too_large", params={"limit": "7"}).sentence == (
        "The entry is larger than 7 bytes."
    )


def test_the_report_counts_and_does_not_grow() -> None:
    report = Report()
    for number in range(1000):
        report.add(Skipped(what=f"post {number} " + "x" * 500, code="no_date"))
    report.add(Skipped(what="a", code="item_too_large", params={"limit": "7"}))
    assert report.not_taken_total == 1001
    assert [(line.code, line.count, len(line.examples)) for line in report.reasons()] == [
        ("no_date", 1000, EXAMPLES_KEPT),
        ("item_too_large", 1, 1),
    ]
    kept = msgspec.json.decode(msgspec.json.encode(report), type=Report)
    assert kept == report
    assert kept.reasons()[1].sentence == "The entry is larger than 7 bytes."
    assert len(msgspec.json.encode(report)) < 2000


def test_the_containers_refusals_are_in_the_report(take: Any, make_part: Any) -> None:
    taken = take({"data/tweets.js": make_part("tweets", []), "data/tweets_media.zip": b"x", "../up": b"x"})
    assert taken.codes == ["member_nested", "name_outside"]
    assert taken.report.not_taken["name_outside"].examples == ["../up"]


def words(chance: random.Random) -> str:
    letters = "abcdefghijklmnopqrstuvwxyz" + "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
    return " ".join("".join(chance.choices(letters, k=chance.randrange(2, 9))) for _word in range(20))


def large_x_archive(path: Path, *, count: int) -> Path:
    """Posts of about the size that X writes: 1.6 kB each."""
    chance = random.Random(7)
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed,
        packed.open("data/tweets.js", "w", force_zip64=True) as part,
    ):
        part.write(b"window.YTD.tweets.part0 = [")
        for number in range(count):
            part.write(b"," * bool(number) + json.dumps(large_tweet(number, chance), indent=1).encode())
        part.write(b"]")
    return path


def large_tweet(number: int, chance: random.Random) -> Any:
    people = [
        {"screen_name": f"name{chance.random()}", "indices": ["0", "9"], "id_str": str(chance.random())}
        for _ in "abc"
    ]
    tweet = {
        "edit_info": {
            "initial": {"editTweetIds": [str(number)], "editableUntil": "2019-09-04T14:51:55.000Z"}
        },
        "retweeted": False,
        "source": '<a href="http://twitter.com/download/iphone" rel="nofollow">Twitter for iPhone</a>',
        "entities": {"hashtags": [{"text": "bread"}], "symbols": [], "user_mentions": people, "urls": []},
        "display_text_range": ["0", "140"],
        "favorite_count": str(number % 9),
        "id_str": str(10**18 + number),
        "in_reply_to_status_id_str": str(10**18 + number - 1),
        "created_at": "Wed Sep 04 13:51:55 +0000 2019",
        "full_text": words(chance),
        "lang": "ar",
    }
    return {"tweet": tweet}


_READ_ALONE = """
import sys, time
from pathlib import Path
from majlis.networks.archives.detect import read
from majlis.networks.archives.opening import open_container
from majlis.networks.archives.options import DEFAULT
from majlis.networks.archives.report import Report

def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM")))

before = peak()
start, cpu = time.perf_counter(), time.process_time()
report = Report()
with open_container(Path(sys.argv[1])) as container:
    for record in read(container, options=DEFAULT):
        report.add(record)
print(report.taken["post"], time.process_time() - cpu, time.perf_counter() - start, (peak() - before) / 1024)
"""


@pytest.mark.slow
def test_100_000_posts_in_seconds_and_little_memory(tmp_path: Path) -> None:
    path = large_x_archive(tmp_path / "large.zip", count=100_000)
    size = zipfile.ZipFile(path).infolist()[0].file_size
    command = [sys.executable, "-c", _READ_ALONE, str(path)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    posts, cpu, seconds, mebibytes = map(float, run.stdout.split())
    print(
        f"\n{posts:.0f} posts, {size / 2**20:.0f} MiB of text: {cpu:.1f} s of processor time,"
        f" {seconds:.1f} s, {mebibytes:.0f} MiB above the start"
    )
    assert posts == 100_000
    assert cpu < 20
    assert mebibytes < 100


def test_what_the_media_of_an_archive_add_up_to(
    tmp_path: Path, zip_at: Any, make_tweet: Any, make_part: Any
) -> None:
    path = zip_at(tmp_path / "a.zip", {"data/tweets.js": make_part("tweets", [make_tweet(1, "x")])})
    with open_container(path) as container:
        assert container.bytes_read == 0
        with container.open("data/tweets.js") as stream:
            read = sum(len(data) for data in stream)
        assert container.bytes_read == container.bytes_total == read
