import pytest
from rooms import furnish, signed_in

from house import reported, write


@pytest.mark.django_db(transaction=True)
def test_shots(live_server, chromium, omar, alice, bob, dana, settings):
    settings.STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    house = furnish(
        operator=omar,
        one=bob,
        other=alice,
        third=dana,
        words="This bread is stale and the seller knows it. هذا الخبز بائت والبائع يعلم.",
    )
    second = write(alice, "Second post, in answer", reply_to_id=house.post)
    report = reported(
        dana,
        alice,
        post_ids=[second],
        comment="She keeps following me around.\n\nPlease look at it.",
        category="spam",
    )
    client = signed_in(omar)
    cookies = [{"name": k, "value": v.value, "url": live_server.url} for k, v in client.cookies.items()]
    client.post(f"/backoffice/reports/{report}/assign", {"to": "me"})
    for name, width, lang, theme in [
        ("m-en", 390, "en", "light"),
        ("m-ar", 390, "ar", "dark"),
        ("w-en", 1440, "en", "light"),
        ("w-ar", 1440, "ar", "light"),
    ]:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=theme, locale=lang
        )
        context.add_cookies(cookies)
        page = context.new_page()
        for place, address in {
            "overview": "/backoffice/",
            "report": f"/backoffice/reports/{report}",
            "person": f"/backoffice/people/{bob.id}",
            "rules": "/backoffice/rules",
            "jobs": "/backoffice/jobs",
            "people": "/backoffice/people",
            "appeals": "/backoffice/appeals",
            "joining": "/backoffice/joining",
            "tags": "/backoffice/tags",
            "settings": "/backoffice/settings",
            "reports": "/backoffice/reports",
            "announcements": "/backoffice/announcements",
            "book": "/backoffice/book",
        }.items():
            if width == 1440 and place not in ("overview", "report"):
                continue
            page.goto(f"{live_server.url}{address}?lang={lang}")
            wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            if wide > 0:
                print("OVERFLOW", name, place, wide)
            page.screenshot(path=f"/tmp/safety/{name}-{place}.png", full_page=True)
        context.close()
