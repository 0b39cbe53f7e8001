"""The page to write on: replies, quotes, photos, polls, articles, drafts, later, editing."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cast import alice, bob, charlie, follows, friends, member
from majlis.core.clock import now
from majlis.media import actions as media_actions
from majlis.media import queries as media
from majlis.posts import queries as posts
from majlis.posts.models import Draft, Post

pytestmark = pytest.mark.django_db


def _picture(name: str = "walk.jpg", colour: str = "teal") -> SimpleUploadedFile:
    from PIL import Image

    file = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(file, "JPEG")
    return SimpleUploadedFile(name, file.getvalue(), "image/jpeg")


@pytest.fixture(autouse=True)
def _media_folder(tmp_path: Any, settings: Any) -> None:
    settings.MAJLIS = msgspec.structs.replace(settings.MAJLIS, data_dir=tmp_path)


def _only_post(by: int) -> Any:
    return posts.hydrate(Post.objects.filter(author_id=by).values_list("id", flat=True))


def test_a_reply_begins_with_names_and_is_no_wider_than_what_it_answers(browse: Any, publish: Any) -> None:
    her, him = alice(), bob()
    friends(her, him)
    post = publish(him, "@alice for my followers", audience="followers", warning="long")
    page = browse(her).get(f"/compose?reply_to={post}")
    made = page.context["composer"]
    assert made.text == "@bob "
    assert made.content_warning == "long"
    assert next(choice.value for choice in made.audiences if choice.chosen) == "followers"


def test_a_reply_and_a_quote_are_published(browse: Any, publish: Any) -> None:
    her, him = alice(), bob()
    post = publish(him, "said")
    browser = browse(her)
    browser.post("/compose", {"text": "@bob answered", "audience": "public", "reply_to": post, "do": "post"})
    browser.post("/compose", {"text": "look", "audience": "public", "quote": post, "do": "post"})
    made = {view.text: view for view in _only_post(her.id).values()}
    assert made["@bob answered"].reply_to_id == post
    assert made["look"].quote_of_id == post


def test_who_may_not_reply_is_told_so_and_keeps_her_words(browse: Any, publish: Any) -> None:
    her, him = alice(), bob()
    post = publish(him, "no replies", may_reply="nobody")
    browser = browse(her)
    assert browser.get(f"/compose?reply_to={post}").status_code == 403
    page = browser.post(
        "/compose", {"text": "but I must", "audience": "public", "reply_to": post, "do": "post"}
    )
    assert page.status_code == 403
    assert "but I must" in page.content.decode()
    assert not Post.objects.filter(author_id=her.id).exists()


def test_photos_are_posted_at_once_or_described_first(browse: Any) -> None:
    her = alice()
    browser = browse(her)
    form = {
        "text": "two",
        "audience": "public",
        "do": "photos",
        "photos": [_picture(), _picture("b.jpg", "red")],
    }
    page = browser.post("/compose", form)
    shown = [photo.id for photo in page.context["composer"].media]
    assert len(shown) == 2
    later = {
        "text": "two",
        "audience": "public",
        "do": "post",
        "media_ids": shown[::-1],
        f"alt_{shown[0]}": "بحر",
        f"focus_{shown[0]}": "top",
    }
    browser.post("/compose", later)
    view = next(iter(_only_post(her.id).values()))
    assert [str(photo.id) for photo in view.photos] == shown[::-1]
    assert (view.photos[1].alt, view.photos[1].focus_y) == ("بحر", 1.0)


def test_photos_can_be_moved_and_removed_before_posting(browse: Any) -> None:
    browser = browse(alice())
    files = [_picture(), _picture("b.jpg", "red"), _picture("c.jpg", "navy")]
    page = browser.post("/compose", {"text": "", "do": "photos", "photos": files})
    first, second, third = (photo.id for photo in page.context["composer"].media)
    page = browser.post("/compose", {"media_ids": [first, second, third], "move_media": second})
    assert [photo.id for photo in page.context["composer"].media] == [second, first, third]
    page = browser.post("/compose", {"media_ids": [second, first, third], "remove_media": first})
    assert [photo.id for photo in page.context["composer"].media] == [second, third]


def test_what_is_no_photo_is_refused_in_a_sentence_and_nothing_is_lost(browse: Any) -> None:
    her = alice()
    drawing = SimpleUploadedFile("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>")
    form = {"text": "my words", "audience": "followers", "do": "post", "photos": [drawing]}
    page = browse(her).post("/compose", form)
    assert 400 <= page.status_code < 500
    assert "my words" in page.content.decode()
    assert not Post.objects.exists()


def test_others_photos_cannot_be_posted_or_seen(browse: Any) -> None:
    her, stranger = alice(), charlie()
    page = browse(her).post("/compose", {"do": "photos", "photos": [_picture()]})
    photo = page.context["composer"].media[0].id
    form = {
        "text": "mine",
        "audience": "public",
        "do": "post",
        "media_ids": [photo],
        f"alt_{photo}": "stolen",
    }
    answer = browse(stranger).post("/compose", form)
    assert answer.status_code == 404
    assert answer.context["composer"].media == []
    kept = media.photo(photo_id=int(photo), owner=her.id)
    assert kept is not None
    assert kept.alt == ""
    assert not Post.objects.exists()


def test_a_poll(browse: Any) -> None:
    her = alice()
    form = {
        "text": "tea?",
        "audience": "public",
        "do": "post",
        "poll_options": ["شاي", "coffee", "", ""],
        "poll_hours": "72",
        "poll_hide_totals": "on",
    }
    browse(her).post("/compose", form)
    poll = next(iter(_only_post(her.id).values())).poll
    assert poll.options == ["شاي", "coffee"]
    assert (poll.hide_totals, poll.multiple) == (True, False)
    assert timedelta(hours=71) < poll.ends_at - now() <= timedelta(hours=72)


def test_an_article_is_previewed_and_published(browse: Any) -> None:
    her = alice()
    browser = browse(her)
    form = {"title": "الطاولة", "text": "## Bread\n\n**slow** <script>1</script>", "audience": "public"}
    page = browser.post("/articles/new", {**form, "do": "preview"})
    assert "<strong>slow</strong>" in page.content.decode()
    assert not Post.objects.exists()
    address = browser.post("/articles/new", {**form, "do": "post", "cover_file": _picture()})["Location"]
    html = browser.get(address).content.decode()
    assert "<h3>Bread</h3>" in html or "<h2>Bread</h2>" in html
    assert "article-cover" in html
    assert browser.post("/articles/new", {**form, "title": " ", "do": "post"}).status_code == 422


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "A post mentions 50 people at the most."), ("ar", "يُذكر في المنشور خمسون شخصًا على الأكثر.")],
)
def test_more_mentions_than_are_told_are_refused_and_the_words_stay(
    browse: Any, language: str, sentence: str
) -> None:
    her, names = alice(), " ".join(f"@{member(f'guest_{number}').handle}" for number in range(51))
    form = {"title": "Names", "text": names, "audience": "public", "do": "post"}
    answer = browse(her, language).post("/articles/new", form)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in html
    assert "@guest_50" in html
    assert not Post.objects.exists()


def test_drafts_are_kept_found_again_published_and_gone(browse: Any) -> None:
    her = alice()
    browser = browse(her)
    browser.post("/compose", {"text": "half a thou", "audience": "followers", "do": "draft"})
    draft = posts.drafts(by=her.id)[0]
    assert "half a thou" in browser.get("/drafts").content.decode()
    page = browser.get(f"/compose?draft={draft.id}")
    assert page.context["composer"].text == "half a thou"
    form = {"text": "half a thought", "audience": "followers", "draft": draft.id}
    browser.post("/compose", {**form, "do": "draft"})
    assert [kept.params.text for kept in posts.drafts(by=her.id)] == ["half a thought"]
    browser.post("/compose", {**form, "do": "post"})
    assert posts.drafts(by=her.id) == []
    assert Post.objects.get(author_id=her.id).audience == "followers"


def test_a_post_waits_for_its_hour(browse: Any) -> None:
    her = alice()
    browser = browse(her)
    hour = (now() + timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M")
    form = {"text": "later", "audience": "public", "do": "post"}
    browser.post("/compose", {**form, "scheduled_at": hour})
    waiting = Draft.objects.get(author_id=her.id)
    assert waiting.due_at is not None
    assert "later" in browser.get("/drafts").content.decode()
    for nonsense in ("tomorrow", "2020-01-01T00:00", "9999-99-99T00:00"):
        page = browser.post("/compose", {**form, "scheduled_at": nonsense})
        assert page.status_code == 422
        assert nonsense in page.content.decode()
    another = (now() + timedelta(hours=9)).strftime("%Y-%m-%dT%H:%M")
    browser.post(f"/drafts/{waiting.id}/reschedule", {"scheduled_at": another})
    assert Draft.objects.get().due_at > waiting.due_at
    browser.post(f"/drafts/{waiting.id}/discard")
    assert not Draft.objects.exists()
    assert not Post.objects.exists()


def test_editing_keeps_what_the_form_does_not_show(browse: Any, publish: Any) -> None:
    from majlis.posts.composing import PollParams

    her, him = alice(), bob()
    question = PollParams(options=("tea", "coffee"), lasts=timedelta(days=3))
    parent = publish(him, "ask me", at=now())
    post = publish(her, "@bob which?", reply_to_id=parent, poll=question, at=now())
    browse(him).post(f"/posts/{post}/vote", {"choices": "0"})
    browser = browse(her)
    page = browser.get(f"/posts/{post}/edit")
    assert page.context["composer"].text == "@bob which?"
    form = {
        "text": "@bob which one?",
        "audience": "public",
        "poll_options": ["tea", "coffee"],
        "poll_hours": "72",
        "reply_policy": "everyone",
    }
    browser.post(f"/posts/{post}/edit", form)
    view = posts.hydrate([post])[post]
    assert view.text == "@bob which one?"
    assert view.reply_to_id == parent
    assert view.poll is not None
    assert view.poll.votes == [1, 0], "a poll that was not touched keeps its votes"


def test_an_edited_article_keeps_the_photos_that_hang_on_it(browse: Any, publish: Any) -> None:
    """Its text may show them: without the article they would be swept as forgotten."""
    her = alice()
    photo = media_actions.upload(owner=her.id, data=_picture().read(), at=now())
    post = publish(her, "before", title="On bread", photo_ids=(photo,))
    browser = browse(her)
    page = browser.get(f"/posts/{post}/edit")
    assert f'name="media_ids" value="{photo}"' in page.content.decode()
    form = {"title": "On bread", "text": "after", "audience": "public", "media_ids": str(photo)}
    browser.post(f"/posts/{post}/edit", form)
    view = posts.hydrate([post])[post]
    assert (view.text, [each.id for each in view.photos]) == ("after", [photo])


def test_a_refused_edit_changes_nothing_and_keeps_what_was_typed(browse: Any, publish: Any) -> None:
    her = alice()
    post = publish(her, "as it was")
    page = browse(her).post(f"/posts/{post}/edit", {"text": "y" * 600, "audience": "public"})
    assert page.status_code == 422
    assert "y" * 600 in page.content.decode()
    assert posts.hydrate([post])[post].text == "as it was"


def test_a_circle_of_somebody_else_is_no_audience(browse: Any) -> None:
    from majlis.people import actions as people

    her, stranger = alice(), charlie()
    circle = people.create_circle(by=her.id, name="Family", at=now())
    page = browse(stranger).post("/compose", {"text": "mine", "audience": f"circle:{circle}", "do": "post"})
    assert page.status_code == 404
    assert "Family" not in page.content.decode()
    assert not Post.objects.exists()


def test_her_defaults_begin_each_post(browse: Any) -> None:
    her, him = alice(), bob()
    follows(him, her)
    browser = browse(her)
    browser.post(
        "/settings/preferences",
        {
            "interface": "en", "theme": "dark", "audience": "followers", "language": "ar", "may_reply": "friends",
            "may_quote": "nobody",
        },
    )  # fmt: skip
    browser.post("/compose", {"text": "as I like it", "do": "post"})
    made = Post.objects.get(author_id=her.id)
    assert (made.audience, made.may_reply, made.may_quote) == ("followers", "friends", "nobody")
    assert browser.cookies["majlis_theme"].value == "dark"


@pytest.mark.parametrize(("count", "status"), [(60, 303), (61, 422)])
def test_more_hashtags_than_are_listed_are_refused_and_the_words_stay(
    browse: Any, count: int, status: int
) -> None:
    words = "#B0 " + " ".join(f"#b{number}" for number in range(count))
    answer = browse(alice()).post("/compose", {"text": words, "audience": "public", "do": "post"})
    assert answer.status_code == status
    if status == 422:
        assert "A post has 60 different hashtags at the most." in answer.content.decode()
        assert "#b60" in answer.content.decode()
    assert Post.objects.count() == (1 if status == 303 else 0)
