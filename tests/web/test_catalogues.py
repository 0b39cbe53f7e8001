"""The interface is complete in Arabic: every sentence, every placeholder, all six plurals."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from django.template import Context, Template
from django.utils import translation

from majlis.config import catalogues

ARABIC = catalogues.LOCALE / "ar" / "LC_MESSAGES" / "django.po"
_PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|\{\w+\}")
_TAG = re.compile(r"</?[a-z]+")
_ARABIC_LETTER = re.compile(r"[\u0621-\u064a]")
#: zero, one and two may say the number in words ("صورتان"); from three on it must stand there
_WITH_NUMBER = slice(3, 6)


@pytest.fixture(scope="module")
def arabic() -> Catalog:
    return catalogues.read_catalogue(ARABIC)


def test_no_sentence_is_marked_by_a_name_that_the_catalogue_does_not_know() -> None:
    aliases = re.compile(r"\b\w*gettext\w* as (\w+)")
    found = {
        (str(path.relative_to(catalogues.PACKAGE)), name)
        for path in catalogues.PACKAGE.rglob("*.py")
        for name in aliases.findall(path.read_text("utf-8"))
        if name not in catalogues._KEYWORDS
    }
    assert not found


def _translated(catalogue: Catalog) -> list[Message]:
    """What has its Arabic; what has none is the business of one test."""
    return [message for message in catalogue if message.id and any(message.string)]


@pytest.fixture(scope="module")
def sentences() -> list[catalogues.Message]:
    return list(catalogues.messages())


def _found(catalogue: Catalog, message: catalogues.Message) -> Message | None:
    id_ = message.id if isinstance(message.id, str) else message.id[0]
    return catalogue.get(id_, message.context)


def test_sentences_are_gathered_from_python_and_templates(sentences: list[catalogues.Message]) -> None:
    places = {Path(message.path).suffix for message in sentences}
    assert places >= {".py", ".html"}
    assert ("publish", "Post") in {(message.context, message.id) for message in sentences}
    assert any(isinstance(message.id, tuple) for message in sentences)


def test_every_sentence_has_its_arabic(arabic: Catalog, sentences: list[catalogues.Message]) -> None:
    missing = []
    for message in sentences:
        found = _found(arabic, message)
        strings = [] if found is None else list(found.string) if found.pluralizable else [found.string]
        if not strings or not all(strings):
            missing.append(f"{message.path}:{message.line} {message.id!r}")
    assert not missing, "Run python -m majlis.config.catalogues update and translate:\n" + "\n".join(missing)


def test_no_sentence_is_kept_that_nobody_says(arabic: Catalog, sentences: list[catalogues.Message]) -> None:
    said = {(m.context, m.id if isinstance(m.id, str) else m.id[0]) for m in sentences}
    kept = {(m.context, m.id if isinstance(m.id, str) else m.id[0]) for m in arabic if m.id}
    assert kept <= said


def test_placeholders_and_markup_survive(arabic: Catalog) -> None:
    for message in _translated(arabic):
        for wanted, translated in _pairs(message):
            assert sorted(set(_PLACEHOLDER.findall(translated))) == wanted, (message.id, translated)


def _pairs(message: Message) -> list[tuple[list[str], str]]:
    if not message.pluralizable:
        assert sorted(_TAG.findall(message.string)) == sorted(_TAG.findall(message.id)), message.id
        return [(sorted(set(_PLACEHOLDER.findall(message.id))), message.string)]
    assert len(message.string) == 6, message.id
    all_of_them = sorted(set(_PLACEHOLDER.findall(message.id[1])))
    for text in message.string[:3]:
        assert set(_PLACEHOLDER.findall(text)) <= set(all_of_them), (message.id, text)
    return [(all_of_them, text) for text in message.string[_WITH_NUMBER]]


def test_arabic_is_arabic(arabic: Catalog) -> None:
    for message in _translated(arabic):
        source = message.id if isinstance(message.id, str) else message.id[0]
        if not re.search(r"[A-Za-z]", _PLACEHOLDER.sub("", source)):
            continue  # nothing but marks around what is filled in
        strings = message.string if message.pluralizable else [message.string]
        assert all(_ARABIC_LETTER.search(text) for text in strings), message.id
        latin_marks = [text for text in strings if re.search(r"[\u0621-\u064a] ?[,;?](\s|$)", text)]
        assert not latin_marks, message.id


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "لا صور"),
        (1, "صورة واحدة"),
        (2, "صورتان"),
        (3, "3 صور"),
        (11, "11 صورة"),
        (100, "100 صورة"),
        (103, "103 صور"),
    ],
)
def test_six_plurals_are_chosen_as_arabic_does(count: int, said: str) -> None:
    catalogues.compile_catalogues()
    text = (
        "{% load i18n %}{% blocktranslate count n=n with shown=n %}{{ shown }} photo{% plural %}"
        "{{ shown }} photos{% endblocktranslate %}"
    )
    with translation.override("ar"):
        assert Template(text).render(Context({"n": count})) == said


def test_compiling_twice_does_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "ar" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_bytes(ARABIC.read_bytes())
    monkeypatch.setattr(catalogues, "LOCALE", tmp_path)
    assert catalogues.compile_catalogues() == [folder / "django.mo"]
    assert catalogues.compile_catalogues() == []
