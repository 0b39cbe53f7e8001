"""What tests of safety do again and again: write a post, read the mail that waits, report."""

from __future__ import annotations

import json
from typing import Any

from cast import MOMENT, Member, later
from majlis.core.jobs.models import Job
from majlis.people.access import see_profile
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams
from majlis.safety import actions

#: Each is dangerous where it is put into a page without being escaped.
PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "<a href=javascript:alert(1)>x</a>",
    "{{7*7}}{% debug %}",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<style>*{display:none}</style>",
    "--><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
)


def write(author: Member, text: str = "Fresh bread at six", **params: Any) -> int:
    return posts.publish(by=author.id, params=PostParams(text=text, **params), at=MOMENT).post_id


def reported(by: Member, about: Member, **given: Any) -> int:
    given.setdefault("at", later(minutes=1))
    return actions.report(by=by.id, about=see_profile(profile_id=about.id, viewer_id=by.id), **given)


def mail_to(member: Member) -> list[dict[str, str]]:
    """The letters that wait for a member, the oldest first."""
    waiting = Job.objects.filter(name="accounts.send_mail").order_by("id")
    letters = [
        job.arguments if isinstance(job.arguments, dict) else json.loads(job.arguments) for job in waiting
    ]
    return [letter for letter in letters if letter["to"] == f"{member.handle}@example.org"]
