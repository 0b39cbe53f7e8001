"""Whatever a team's book can say, it says in words."""

from __future__ import annotations

import re
from pathlib import Path

import majlis
from majlis.web.studio.deed_words import DEEDS

_DEED = re.compile(
    r'"((?:page|offering|review|team|domain|post|entry|queue|review_link|photo|plan|campaign|link|goal|promo_code'
    r'|shop|orders|promotion|money|cost|hours|experiment|interview|rival|voice|customer|customers|segment)\.[a-z_]+)"'
)
#: Lines of the log of changes and names of templates' parts, which are no deeds.
OTHERS = {"team.changed"}


def _noted() -> set[str]:
    root = Path(majlis.__file__).parent
    files = [path for part in ("brands", "studio") for path in (root / part).rglob("*.py")]
    care = (root / "care").rglob("*.py")  # jobs have names like deeds there
    found = {
        each for path in care for each in re.findall(r'deeds\.note\(team, "([a-z_.]+)"', path.read_text())
    }
    return {each for path in files for each in _DEED.findall(path.read_text())} - OTHERS | found


def test_every_deed_has_its_words_and_no_words_are_of_nothing() -> None:
    noted = _noted()
    assert len(noted) > 50
    assert noted == set(DEEDS)
