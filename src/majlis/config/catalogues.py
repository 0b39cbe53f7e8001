"""The words of the interface in other languages: gather, merge, compile, without GNU gettext.

``python -m majlis.config.catalogues update`` after adding a sentence, then translate what is empty in
``locale/*/LC_MESSAGES/django.po``; ``compile`` makes the ``.mo`` files, which are not kept in git.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from majlis.config.settings import Settings
from majlis.config.stale import LOCALE, stale_catalogues

PACKAGE: Final = Path(__file__).parent.parent
_KEYWORDS: Final = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


class Message(NamedTuple):
    """One sentence of the source: where it stands, what it says (with its plural), in which context."""

    path: str
    line: int
    id: str | tuple[str, ...]
    context: str | None


def messages() -> Iterator[Message]:
    """Every sentence of the package that is marked for translation, in Python and in templates."""
    for path in sorted(
        [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("templates/**/*.html"), *PACKAGE.rglob("templates/**/*.txt")]
    ):
        text = path.read_text("utf-8")
        source = text if path.suffix == ".py" else _as_python(text)
        # the "python" reader of Babel understands both: a template was turned into calls of gettext
        found = extract(
            "python", io.BytesIO(source.encode()), keywords=_KEYWORDS, comment_tags=("Translators:",)
        )
        for line, id_, _comments, context in found:
            yield Message(str(path.relative_to(PACKAGE)), line, id_, context)
    for about in Settings.described().values():  # what each setting means, for the back office
        yield Message("config/settings.py", 0, about.description, None)


def _as_python(template: str) -> str:
    """Django's own rewriting for xgettext; leading blanks would be indentation to a Python reader."""
    return "\n".join(line.lstrip() for line in templatize(template).splitlines())


def template_catalogue() -> Catalog:
    """All sentences, nothing translated."""
    catalogue = Catalog(project="Majlis", charset="utf-8", fuzzy=False)
    for message in messages():
        catalogue.add(message.id, locations=[(message.path, message.line)], context=message.context)
    return catalogue


def read_catalogue(path: Path) -> Catalog:
    """A ``.po`` file; its language is the name of its folder."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def update() -> None:
    """Bring every ``.po`` file up to the sources; new sentences are empty, vanished ones go."""
    template = template_catalogue()
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/django.po")):
        catalogue = read_catalogue(path)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        with path.open("wb") as file:
            write_po(file, catalogue, width=110, omit_header=False, include_lineno=False, sort_output=True)


def compile_catalogues() -> list[Path]:
    """Make each ``.mo`` that is missing or older than its ``.po``, and return those. Safe at any start."""
    made = []
    for source in stale_catalogues(LOCALE):
        target = source.with_suffix(".mo")
        fresh = target.with_suffix(f".{os.getpid()}.mo")  # processes that start together do not meet
        with fresh.open("wb") as file:
            write_mo(file, read_catalogue(source))
        fresh.replace(target)
        made.append(target)
    return made


if __name__ == "__main__":
    command = sys.argv[1] if len(sys.argv) > 1 else "compile"
    if command == "update":
        update()
    compile_catalogues()
