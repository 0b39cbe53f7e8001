"""Stored names cannot be guessed, cannot be steered, and come and go whole."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from majlis.core.errors import NotNow, NotThere
from majlis.media.store import FolderStore, MediaStore, new_key, url_for

FILES = {"original.jpg": b"jpeg bytes", "large.webp": b"webp bytes"}
HOSTILE = [
    "../secret.jpg",
    "..",
    "",
    "/etc/passwd",
    "..\\..\\secret.jpg",
    "a\x00.jpg",
    "original.jpg\n",
    "original.jpg/",
    "%2e%2e%2fsecret.jpg",
    "ORIGINAL.JPG",
    "original.svg",
    "original.html",
    ".unfinished",
    "x" * 300 + ".jpg",
    "original.jpg;.html",
    "оriginal.jpg",
    "*?name=..jpg",
    "filename*=UTF-8''..%2f.jpg",
]


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    (tmp_path / "secret.jpg").write_bytes(b"canary")
    return FolderStore(root=tmp_path / "media")


def saved(store: FolderStore) -> str:
    key = new_key()
    store.save(key=key, files=FILES)
    return key


def test_masto_14254_keys_carry_at_least_128_bits_and_never_repeat() -> None:
    keys = {new_key() for _ in range(2_000)}
    assert len(keys) == 2_000
    assert all(len(key) * 5 >= 128 for key in keys)
    for place in range(32):  # every place takes every letter
        assert len({key[place] for key in keys}) == 32


def test_an_address_has_two_levels_and_names_the_variant() -> None:
    key = new_key()
    assert url_for(key, "large.webp") == f"/media/{key[:2]}/{key[2:4]}/{key}/large.webp"


def test_what_is_saved_is_read_located_and_deleted(store: FolderStore) -> None:
    kept: MediaStore = store
    key = saved(store)
    for name, data in FILES.items():
        assert kept.read(key=key, file_name=name) == data
        found = store.locate(address=kept.url(key=key, file_name=name).removeprefix("/media/"))
        assert (found.path.read_bytes(), found.size) == (data, len(data))
    assert found.mime == "image/webp"
    assert kept.delete(key=key)
    assert not kept.delete(key=key)


def test_masto_440_media_every_variant_is_gone_after_deletion(store: FolderStore) -> None:
    key, other = saved(store), saved(store)
    store.delete(key=key)
    for name in FILES:
        with pytest.raises(NotThere):
            store.read(key=key, file_name=name)
        with pytest.raises(NotThere):
            store.locate(address=url_for(key, name).removeprefix("/media/"))
    assert [path for path in store.root.rglob("*") if path.is_file() and key in str(path)] == []
    assert store.read(key=other, file_name="original.jpg") == FILES["original.jpg"]


@pytest.mark.parametrize("name", HOSTILE)
def test_cve_2021_41281_no_name_from_outside_reaches_the_disk(store: FolderStore, name: str) -> None:
    key = saved(store)
    before = sorted(store.root.parent.rglob("*"))
    with pytest.raises(ValueError, match="no stored file"):
        store.save(key=new_key(), files={"original.jpg": b"x", name: b"x"})
    with pytest.raises(ValueError, match="no stored file"):
        store.save(key=name, files=FILES)
    with pytest.raises(ValueError, match="no stored file"):
        url_for(key, name)
    with pytest.raises(NotThere):
        store.read(key=key, file_name=name)
    with pytest.raises(NotThere):
        store.read(key=name, file_name="original.jpg")
    assert not store.delete(key=name)
    assert sorted(store.root.parent.rglob("*")) == before


def _spellings(key: str) -> list[str]:
    good = url_for(key, "original.jpg").removeprefix("/media/")
    folder = good.rsplit("/", 1)[0]
    return [
        "../secret.jpg",
        "..%2fsecret.jpg",
        f"{folder}/../../../../../secret.jpg",
        f"{folder}/./original.jpg",
        f"{folder}//original.jpg",
        f"/{good}",
        f"./{good}",
        good.upper(),
        good.replace("/", "\\"),
        good.replace("/", "%2F"),
        f"{good}/",
        f"{good}\n",
        f"{good}\x00.png",
        f"{good}?x",
        f"zz/zz/{key}/original.jpg",
        f"{key}/original.jpg",
        folder,
        "",
        ".unfinished",
    ]


def test_postiz_7936062_nodebb_35e7587_only_the_one_spelling_of_an_address_is_served(
    store: FolderStore,
) -> None:
    key = saved(store)
    assert store.locate(address=url_for(key, "original.jpg").removeprefix("/media/")).size == 10
    for address in _spellings(key):
        with pytest.raises(NotThere):
            store.locate(address=address)


def test_a_link_planted_in_the_folder_is_not_followed(store: FolderStore) -> None:
    key = saved(store)
    folder = store.locate(address=url_for(key, "original.jpg").removeprefix("/media/")).path.parent
    (folder / "tiny.webp").symlink_to(store.root.parent / "secret.jpg")
    with pytest.raises(NotThere):
        store.locate(address=url_for(key, "tiny.webp").removeprefix("/media/"))


def test_a_second_save_under_a_key_takes_the_place_of_the_first(store: FolderStore) -> None:
    key = saved(store)
    store.save(key=key, files={"original.png": b"png"})
    assert store.read(key=key, file_name="original.png") == b"png"
    with pytest.raises(NotThere):
        store.read(key=key, file_name="original.jpg")


def test_a_disk_that_does_not_take_it_is_a_refusal_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "media").write_bytes(b"a file where the folder should be")
    store = FolderStore(root=tmp_path / "media")
    with pytest.raises(NotNow) as caught:
        saved(store)
    assert caught.value.code == "media_store_away"


def test_what_a_crash_left_behind_is_swept_and_never_served(store: FolderStore) -> None:
    left = store.root / ".unfinished" / f"{new_key()}-00000000"
    left.mkdir(parents=True)
    (left / "original.jpg").write_bytes(b"half a pictu")
    key = saved(store)
    assert store.sweep(older_than=time.time() - 3_600) == 0
    assert store.sweep(older_than=time.time() + 1) == 1
    assert not left.exists()
    assert store.read(key=key, file_name="original.jpg") == FILES["original.jpg"]
