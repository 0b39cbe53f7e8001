"""The media library: one picture on many posts, each going by itself, and files that are there as long as one needs them."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from PIL import Image

import cast as people
from cast import MOMENT, later
from majlis.core.errors import Conflict, NotThere
from majlis.media import actions as media
from majlis.media import hiding
from majlis.media import jobs as media_jobs
from majlis.media import queries as photos
from majlis.media.models import Photo
from majlis.posts import actions as posts
from majlis.posts import queries as posted
from majlis.studio import access, actions
from majlis.studio.actions import Draft
from plans import content, team_of

Write = Callable[..., int]


def _picture(colour: str = "teal") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(file, "JPEG")
    return file.getvalue()


def _upload(bakery: people.Bakery, alt: str = "", colour: str = "teal") -> int:
    return actions.put_on_shelf(team=team_of(bakery), data=_picture(colour), alt=alt, at=MOMENT)


def _file(photo_id: int) -> bytes | None:
    photo = Photo.objects.get(pk=photo_id)
    try:
        return hiding.store().read(key=photo.key, file_name=next(iter(photo.variants.values()))["file"])
    except NotThere:
        return None


def test_one_picture_hangs_on_two_posts_and_goes_with_each_by_itself(
    bakery: people.Bakery, write: Write
) -> None:
    shelf = _upload(bakery, "a loaf")
    first, second = (
        actions.publish_now(team=team_of(bakery), entry_id=write(text, photo_ids=(shelf,)), at=MOMENT)
        for text in ("one", "two")
    )
    found = posted.hydrate([first, second])
    shown = [found[id_].photos[0] for id_ in (first, second)]
    assert {photo.alt for photo in shown} == {"a loaf"}
    copies = [photo.id for photo in shown]
    assert len({shelf, *copies}) == 3
    assert _file(copies[0]) == _file(copies[1]) == _file(shelf) is not None
    posts.delete(by=bakery.page.id, post_id=first, at=MOMENT)
    keys = list(Photo.objects.filter(post_id=first).values_list("key", flat=True))
    hiding.settle(keys=keys)
    assert _file(copies[0]) is None
    assert _file(copies[1]) == _file(shelf) is not None
    posts.purge(post_id=first, at=later(days=1))
    media_jobs.delete_files(keys=keys)
    key = Photo.objects.get(pk=shelf).key
    actions.discard_photo(team=team_of(bakery), photo_id=shelf, at=MOMENT)
    media_jobs.delete_files(keys=[key])
    assert _file(copies[1]) is not None


def test_a_picture_that_something_planned_shows_is_not_thrown_away(
    bakery: people.Bakery, write: Write
) -> None:
    shelf = _upload(bakery)
    entry = write(photo_ids=(shelf,))
    with pytest.raises(Conflict):
        actions.discard_photo(team=team_of(bakery), photo_id=shelf, at=MOMENT)
    actions.discard(team=team_of(bakery), entry_id=entry, at=MOMENT)
    actions.discard_photo(team=team_of(bakery), photo_id=shelf, at=MOMENT)
    assert not Photo.objects.filter(pk=shelf).exists()


def test_the_sweep_of_forgotten_uploads_leaves_the_shelf(bakery: people.Bakery) -> None:
    shelf = _upload(bakery)
    media.sweep(before=later(days=9))
    assert Photo.objects.filter(pk=shelf).exists()


def test_a_photo_of_a_post_is_copied_before_it_is_planned(bakery: people.Bakery, write: Write) -> None:
    photo = media.upload(owner=bakery.page.id, data=_picture(), at=MOMENT)
    from majlis.posts.composing import PostParams

    old = posts.publish(
        by=bakery.page.id, params=PostParams(text="old", photo_ids=(photo,)), at=MOMENT
    ).post_id
    entry = write(photo_ids=(photo,))
    planned = access.entry(team=team_of(bakery), entry_id=entry).content.photo_ids
    assert planned != (photo,)
    posts.delete(by=bakery.page.id, post_id=old, at=MOMENT)
    posts.purge(post_id=old, at=MOMENT + timedelta(days=1))
    post = actions.publish_now(team=team_of(bakery), entry_id=entry, at=later(days=2))
    assert len(posted.hydrate([post])[post].photos) == 1
    again = actions.change(
        team=team_of(bakery),
        entry_id=write("x", photo_ids=planned),
        read_version=1,
        draft=Draft(content=content("y", photo_ids=planned)),
        at=MOMENT,
    )
    assert again == 2


def test_the_shelf_is_searched_by_what_stands_in_the_pictures(
    bakery: people.Bakery, django_assert_num_queries: Callable[[int], object]
) -> None:
    olive, loaf = _upload(bakery, "زيتونٌ أخضر على الطاولة"), _upload(bakery, "A Loaf of bread", "navy")
    nothing = _upload(bakery, "", "red")
    page = bakery.page.id
    assert [photo.id for photo in photos.shelf(owner=page)] == [nothing, loaf, olive]
    with django_assert_num_queries(2):  # type: ignore[attr-defined]
        assert [photo.id for photo in photos.shelf(owner=page, words="اخضر زيتون")] == [olive]
    assert [photo.id for photo in photos.shelf(owner=page, words="loaf BREAD")] == [loaf]
    assert photos.shelf(owner=page, words="100%") == []
    assert photos.shelf(owner=people.charlie().id, words="loaf") == []


def test_others_pictures_are_on_nobodys_shelf(bakery: people.Bakery, write: Write) -> None:
    theirs = media.upload(owner=people.charlie().id, data=_picture(), at=MOMENT)
    with pytest.raises(NotThere):
        write(photo_ids=(theirs,))
    with pytest.raises(NotThere):
        actions.discard_photo(team=team_of(bakery), photo_id=theirs, at=MOMENT)
