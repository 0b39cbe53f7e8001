"""The gallery's other components: composer, people, notifications, states, forms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace as Thing
from typing import Any

from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from majlis.web.gallery import people, posts
from majlis.web.gallery.examples import Example

_BIO = "مخبز الحيّ منذ 1987. Sourdough, za’atar, patience and a long table for everybody who comes by."
_ARABIC_ARTICLE = (
    "<p>في أول الشتاء كنا ثلاثة حول النار، وفي آخره صرنا حيًّا كاملًا. لم يكن في الأمر "
    "خطة: بابٌ يُفتح كل صباح، ورائحةٌ تسبق الكلام.</p>"
    "<h2>العجينة الأولى</h2>"
    "<p>تعلّمنا أن الخميرة لا تُستعجل. <a href='#'>كتبت جدتي</a> المقادير على ظهر تقويم "
    "سنة 1987، وفيه 12 ملاحظة عن الطقس.</p>"
    "<blockquote><p>الخبز الذي يُنتظر أطيب من الخبز الذي يُشترى.</p>"
    "</blockquote>"
    "<ul><li>دقيق ثلاثة أكواب</li><li>ماء فاتر</li></ul>"
)
_ENGLISH_ARTICLE = (
    "<p>Twelve families, one kitchen, every Thursday for nine years. Nobody planned it; a "
    "door was open, and the smell arrived before the invitation did.</p>"
    "<h2>Who brings what</h2>"
    "<p>The rule is that there is no rule. Somebody always brings <em>labneh</em>.</p>"
)


def _composer(at: datetime, **changes: Any) -> dict[str, Any]:
    sentence = _("Will be seen by %(n)s people") % {"n": 128}
    audiences = [
        Thing(value=value, label=label, sentence=sentence, chosen=value == "friends")
        for value, label in (
            ("public", _("Public")),
            ("unlisted", _("Unlisted")),
            ("followers", _("Followers")),
            ("friends", _("Friends")),
            ("circle:1", _("Circle: %(name)s") % {"name": "العائلة"}),
            ("mentioned", _("Only those mentioned")),
        )
    ]
    base = {
        "action": "/compose",
        "draft_key": "gallery",
        "text": "",
        "placeholder": _("What would you like to say?"),
        "limit": 500,
        "audiences": audiences,
        "audience_sentence": sentence,
        "reply_to": None,
        "quote": None,
        "edit_of": None,
        "content_warning": "",
        "language": "ar",
        "languages": [Thing(code="ar", name="العربية"), Thing(code="en", name="English")],
        "media": [],
        "polls_allowed": True,
        "poll_options": ["", "", "", ""],
        "poll_hours": [Thing(value="24", label=_("1 day"), chosen=True)],
        "reply_policies": [Thing(value="everyone", label=_("Everyone who sees it"), chosen=True)],
        "idempotency_key": "example",
    }
    return {"composer": Thing(**{**base, **changes})}


def composers(at: datetime) -> Iterator[Example]:
    """Writing, empty and full."""
    yield Example("Composer", "web/posts/composer.html", _composer(at))
    full = _composer(
        at,
        draft_key="gallery-2",
        text="سلام! two languages in one post.",
        reply_to=posts.post(at, people.BOB, posts.MIXED),
        media=[Thing(id="7", small_url=people.picture(28), alt="تلال")],
        error=_("Something went wrong. Your words are safe."),
    )
    yield Example("Composer: a reply with a photo, refused", "web/posts/composer.html", full)


def persons(at: datetime) -> Iterator[Example]:
    """Profile heads and rows."""
    relation = Thing(
        following=True, requested=False, followed_by=True, blocking=False, muting=False, friend=True
    )
    nothing = Thing(
        following=False, requested=False, followed_by=True, blocking=False, muting=False, friend=False
    )
    fields = [
        Thing(
            name="الموقع",
            value_html=SafeString('<a href="https://bayt.example">bayt.example</a>'),
            verified=True,
        ),
        Thing(name="Address", value_html="Olive Street 4, عمّان", verified=False),
    ]
    business = Thing(
        **vars(people.BAKERY),
        id="1",
        header_url=people.picture(95, 1500, 500),
        bio_html=SafeString("<p>مخبز الحيّ منذ 1987. Sourdough, za’atar, patience.</p>"),
        fields=fields,
        joined_at=at - timedelta(days=900),
        followers_count=15234,
        following_count=89,
        posts_count=400,
        locked=False,
        opening=_("Open until %(time)s") % {"time": "18:00"},
        category="",
    )
    yield Example(
        "Profile of a business", "web/people/profile_header.html", {"person": business, "relation": nothing}
    )
    person = Thing(
        **{
            **vars(business),
            **vars(people.BOB),
            "header_url": "",
            "fields": [],
            "opening": "",
            "locked": True,
            "followers_count": 1,
            "bio_html": SafeString("<p>أكتب عن الخبز والقطارات.</p>"),
        }
    )
    yield Example(
        "Profile of a friend", "web/people/profile_header.html", {"person": person, "relation": relation}
    )
    for who, how, why in (
        (people.BAKERY, nothing, _("Followed by people you follow")),
        (people.LONG, relation, ""),
        (people.BOB, nothing, ""),
    ):
        row = Thing(
            **vars(who),
            id="2",
            bio_text=_BIO,
        )
        yield Example(
            "Person row", "web/people/person_row.html", {"person": row, "relation": how, "why": why}
        )


def notices(at: datetime) -> Iterator[Example]:
    """Notification rows."""
    words = Thing(
        url="/x", text="صباح الخير يا أهل الحيّ. خرج أول خبز بالزعتر من الفرن قبل قليل", language="ar"
    )
    two = SafeString("<bdi>Alice Haddad</bdi>, <bdi>باسم المصري</bdi> + 3")
    rows = (
        ("reaction", "smile", [people.ALICE, people.BOB, people.DANA, people.LONG], two, words, True),
        ("boost", "boost", [people.BOB], SafeString("<bdi>باسم المصري</bdi>"), words, False),
        ("follow_request", "person-add", [people.DANA], SafeString("<bdi>Dana</bdi>"), None, True),
    )
    for kind, picture, who, sentence, about, unread in rows:
        group = Thing(
            kind=kind,
            icon=picture,
            people=who,
            sentence=sentence,
            at=at - timedelta(hours=2),
            unread=unread,
            post=about,
            request_id="5" if kind == "follow_request" else "",
        )
        yield Example(f"Notification: {kind}", "web/notifications/notification_row.html", {"group": group})


class _ExampleForm(forms.Form):
    email = forms.EmailField(label="E-mail", help_text="We send a code to it.")
    about = forms.CharField(label="About · نبذة", widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(
        label="Kind", choices=[("p", "Person"), ("b", "Business")], widget=forms.RadioSelect
    )
    agree = forms.BooleanField(label="I have read the house rules")


def states(at: datetime) -> Iterator[Example]:
    """Tabs, forms, empty and broken states, the small parts."""
    tabs = [
        Thing(url="#", label=_("Posts"), current=True, count=412),
        Thing(url="#", label=_("Replies"), current=False, count=0),
        Thing(url="#", label=_("Photos"), current=False, count=38),
    ]
    yield Example("Tabs", "web/parts/tabs.html", {"tabs": tabs, "tabs_label": _("Posts")})
    yield Example(
        "Form with errors", "web/gallery/form.html", {"form": _ExampleForm({"email": "x", "kind": "p"})}
    )
    yield Example("Buttons and badges", "web/gallery/buttons.html", {})
    yield Example("Caught up", "web/parts/caught_up.html", {"since": at - timedelta(hours=9)})
    yield Example("Deleted, can come back", "web/parts/deleted.html", {"undo_url": "#"})
    yield Example("Pager", "web/parts/pager.html", {"older_url": "#o", "newer_url": "#n"})
    yield Example(
        "Empty",
        "web/parts/empty.html",
        {
            "icon_name": "home",
            "title": _("Nothing here yet"),
            "text": _("Follow a few people and what they write appears here, newest first."),
            "action_url": "/explore",
            "action_label": _("Find people"),
        },
    )
    yield Example(
        "Error",
        "web/parts/error.html",
        {
            "title": _("This did not load"),
            "happened": _("Something went wrong on our side."),
            "safe": _("Nothing you wrote was lost."),
            "retry_url": "#",
        },
    )
    yield Example("Skeleton", "web/parts/skeleton.html", {})
    entries = [
        Thing(url="#", icon="person", title=_("Profile"), text=_("Name, picture, links"), state=""),
        Thing(url="#", icon="shield", title=_("Two-step sign-in"), text="", state=_("On")),
    ]
    yield Example("Settings list", "web/parts/settings_list.html", {"entries": entries})
    reasons = [
        Thing(
            value="spam", label=_("Spam or fraud"), text=_("Advertising, links that deceive, false identity")
        ),
        Thing(value="hate", label=_("Hatred or threats"), text=""),
    ]
    report = Thing(
        action="#",
        subject=_("You report a post by %(name)s.") % {"name": "Dana"},
        reasons=reasons,
        chosen="spam",
        comment="",
        may_forward="social.example",
        error="",
        back_url="",
    )
    yield Example("Report", "web/posts/report_form.html", {"report": report})


def articles(at: datetime) -> Iterator[Example]:
    """An article as a page, in both languages."""
    arabic = Thing(
        title="كيف صار الفرنُ بيتًا",
        cover_url=people.picture(40, 1280, 640),
        cover_alt="تلال",
        reading_minutes=7,
        html=SafeString(_ARABIC_ARTICLE),
    )
    english = Thing(
        title="The slow table",
        cover_url="",
        cover_alt="",
        reading_minutes=1,
        html=SafeString(_ENGLISH_ARTICLE),
    )
    for author, body, language in ((people.BOB, arabic, "ar"), (people.ALICE, english, "en")):
        shown = posts.item(
            posts.post(
                at,
                author,
                "",
                language,
                article=body,
                counts=Thing(replies=3, boosts=1, reactions=41, quotes=0),
                reactions={"love": 30, "wow": 11},
            )
        )
        yield Example(f"Article ({language})", "web/articles/article_body.html", {"item": shown})
