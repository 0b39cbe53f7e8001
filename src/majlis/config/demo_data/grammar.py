"""Sentences with slots, in English and in Arabic: ``english.txt`` and ``arabic.txt`` beside this file.

A line ``= name`` begins a section. ``slots`` holds ``name: one | another``; every other line is a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from random import Random
from typing import Final

_SLOT: Final = re.compile(r"\{(\w+)\}")
_BEFORE_VOWEL: Final = re.compile(r"\b([Aa]) (?=[aeiou])")
# Arabic prepositions of one letter are written together with the word that fills the slot
_JOINED: Final = (("لـال", "لل"), ("لـ", "ل"), ("بـ", "ب"))
_OWN_SECTIONS: Final = frozenset({"slots", "replies", "bios", "polls", "warnings", "bakery"})
_FILE: Final = {"en": "english.txt", "ar": "arabic.txt"}


@dataclass(frozen=True)
class Poll:
    """A question and its answers."""

    question: str
    options: tuple[str, ...]


class Language:
    """What can be said in one language."""

    def __init__(self, code: str) -> None:
        self.code = code
        self._sections = _read(_FILE[code])
        self._slots = _slots(self._sections["slots"])
        self.topics: Final = tuple(name for name in self._sections if name not in _OWN_SECTIONS)

    @property
    def templates(self) -> Sequence[str]:
        """Every sentence for a post of its own."""
        return [line for topic in self.topics for line in self._sections[topic]]

    def post(self, topic: str, chance: Random) -> str:
        """A post about something."""
        return self.fill(chance.choice(self._sections[topic]), chance)

    def reply(self, chance: Random) -> str:
        """Something to answer."""
        return self.fill(chance.choice(self._sections["replies"]), chance)

    def bakery(self, chance: Random) -> str:
        """What a bakery tells its customers."""
        return self.fill(chance.choice(self._sections["bakery"]), chance)

    def bio(self, chance: Random) -> str:
        """What somebody says about herself."""
        return self.fill(chance.choice(self._sections["bios"]), chance)

    def poll(self, chance: Random) -> Poll:
        """A question with two to four answers."""
        question, options = self.fill(chance.choice(self._sections["polls"]), chance).split(" :: ")
        return Poll(question, tuple(_capital(option.strip()) for option in options.split("|")))

    def warned(self, chance: Random) -> tuple[str, str]:
        """A content warning and what is behind it."""
        warning, text = self.fill(chance.choice(self._sections["warnings"]), chance).split(" :: ")
        return warning, _capital(text)

    def fill(self, template: str, chance: Random) -> str:
        """The sentence with a choice in each slot; the same slot twice says two different things."""
        used: dict[str, set[str]] = {}

        def choose(match: re.Match[str]) -> str:
            name = match[1]
            if name == "citytag":
                return next(iter(used["city"])).replace(" ", "_")
            taken = used.setdefault(name, set())
            chosen = chance.choice([each for each in self._slots[name] if each not in taken])
            taken.add(chosen)
            return chosen

        return self._smooth(_SLOT.sub(choose, template))

    def _smooth(self, text: str) -> str:
        if self.code == "en":
            return _capital(_BEFORE_VOWEL.sub(r"\1n ", text))
        for typed, written in _JOINED:
            text = text.replace(typed, written)
        return text


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _read(name: str) -> Mapping[str, list[str]]:
    sections: dict[str, list[str]] = {}
    for line in (files(__package__) / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("= "):
            section = sections.setdefault(line[2:], [])
        elif line.strip():
            section.append(line)
    return sections


def _slots(lines: Sequence[str]) -> Mapping[str, list[str]]:
    pairs = (line.split(":", 1) for line in lines)
    return {name: [choice.strip() for choice in choices.split("|")] for name, choices in pairs}
