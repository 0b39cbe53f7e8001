"""Arabic made searchable: one form for the spellings of a word, and a light stem for its forms.

A light stemmer in the manner of Larkey, Ballesteros and Connell ("Improving stemming for Arabic
information retrieval", SIGIR 2002), with attached pronouns, single-letter prepositions and a list of
broken plurals added. It removes what is attached and does not look for roots. What is indexed and
what is searched go through the same function, so a form that is stemmed oddly is still found.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Final

from majlis.core.text.arabic_words import FORMS, STOP_WORDS, WHOLE
from majlis.core.text.english import ENGLISH_STOP_WORDS, english_stem
from majlis.core.text.links import find_links

LONGEST_WORD: Final = 64
MOST_WORDS: Final = 10_000

# Spelling -------------------------------------------------------------------------------------

# Vowel marks, Quranic signs, tatweel, and the invisible joiners and bidi marks between letters.
_DROPPED: Final = re.compile(
    "[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08ca-\u08ff"
    "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
# One letter for the forms that writers mix: alef with and without hamza, final ya with and without
# dots, ta marbuta and ha, the Persian and Urdu shapes of ya, kaf and ha; one set of digits.
_SAME: Final = str.maketrans(
    "أإآٱٲٳؤئىیېےکڪةۃہھەۀ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹",
    "ااااااويييييككهههههه01234567890123456789",
    "ء",
)
# Letters for sounds Arabic has no letter for, written with the nearest one as often as not.
_BORROWED: Final = str.maketrans("ڤپگچ", "فبكج")


def fold(text: str) -> str:
    """The text with width, case and Arabic spelling folded (NFKC inside); the same for every spelling.

    Hamza is dropped with its seat kept, vowel marks and tatweel go, digits become 0-9. Folding what
    is folded changes nothing. Latin accents stay: they tell words apart in other languages.
    """
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", text).casefold()
    text = _DROPPED.sub("", text).translate(_SAME)
    return unicodedata.normalize("NFKC", text)


# Stems ----------------------------------------------------------------------------------------

# Article with what may stand before it, the longest first, and how many letters must remain.
_ARTICLES: Final = (
    ("وبال", 3),
    ("فبال", 3),
    ("وكال", 3),
    ("بال", 3),
    ("كال", 3),
    ("وال", 3),
    ("فال", 3),
    ("ال", 2),
)
_TO_THE: Final = ("ولل", "فلل", "لل")
# Endings with ه or ت of the feminine in them: what stays is a letter shorter than it looks.
_FEMININE_ENDINGS: Final = """
ه ت ات يه تي ته تك تها تهم تنا تكم تهما تني تم اته اتي اتك اتها اتهم اتنا اتكم اتهما
"""
_OTHER_ENDINGS: Final = "هما كما ها هم نا كم ين ون ان وا ي ك ا"
_FEMININE: Final = frozenset(_FEMININE_ENDINGS.split())
_SUFFIXES: Final = _FEMININE | frozenset(_OTHER_ENDINGS.split())
_LEAST: Final = 3
_ARABIC_WORD: Final = re.compile("[\u0621-\u064a\u066e-\u06d3]+")


@lru_cache(maxsize=50_000)
def arabic_stem(word: str) -> str:
    """The light stem of a folded Arabic word: article, attached letters, endings and pronouns removed."""
    for form in _without_conjunction(word):
        if known := _known(form):
            return known
        bare = _without_article(form)
        if bare != form:
            return _known(bare) or _ended(bare)
    return _ended(word)


def _without_conjunction(word: str) -> tuple[str, ...]:
    """The word, and what it would be behind و ف and behind ب ك ل, for a look at the lists."""
    forms = [word]
    if word[0] in "وف" and len(word) > _LEAST:
        forms.append(word[1:])
    forms += [form[1:] for form in forms if form[0] in "بكل" and len(form) > _LEAST]
    return tuple(forms)


def _known(word: str) -> str | None:
    return _lists().get(word)


def _without_article(word: str) -> str:
    for article, least in _ARTICLES:
        if word.startswith(article) and len(word) >= len(article) + least:
            return word[len(article) :]
    for article in _TO_THE:
        if word.startswith(article) and len(word) > len(article) + 1:
            bare = word[len(article) :]
            return bare if len(bare) >= _LEAST else f"ل{bare}"  # للغة is ل and لغة
    return word


def _ended(word: str) -> str:
    """The word without endings, taken off one by one until it is known or three letters remain."""
    feminine = False
    while endings := _endings(word):
        for end in endings:
            if known := _known_without(word[: -len(end)]):
                return known
        feminine = feminine or endings[0] in _FEMININE
        word = word[: -len(endings[0])]
    return _without_letter(word, _LEAST if feminine else _LEAST + 1)


def _endings(word: str) -> list[str]:
    """The endings that leave three letters, the longest first; ت and ا only where nothing longer ends."""
    longest = min(5, len(word) - _LEAST)
    endings = [word[-length:] for length in range(longest, 0, -1) if word[-length:] in _SUFFIXES]
    return endings if len(endings) < 2 or endings[-1] not in ("ت", "ا") else endings[:-1]


def _known_without(form: str) -> str | None:
    """The stem of a listed word that had an ending: as it stands, or with ت for ه (لغت from لغة)."""
    lists = _lists()
    for candidate in _without_conjunction(form):
        if candidate in lists:
            return lists[candidate]
        if candidate[-1] == "ت" and f"{candidate[:-1]}ه" in lists:
            return lists[f"{candidate[:-1]}ه"]
    return None


def _without_letter(stem: str, least: int) -> str:
    """The stem without an attached و (three letters must remain) or ف ب ك ل (``least``)."""
    if stem[0] == "و":
        least = _LEAST
    return stem[1:] if stem[0] in "وفبكل" and len(stem) > least else stem


@cache
def _lists() -> dict[str, str]:
    """For words and plurals that are listed: their stem."""
    known = {word: word for word in map(_spelt, WHOLE.split())}
    pairs = [tuple(map(_spelt, pair.split())) for pair in re.split("[،\n]+", FORMS) if pair.strip()]
    for whole in list(known):
        known[whole] = _plain_end(whole)
    for form, word in pairs:
        stem = known.get(word) or _plain_end(word)
        known.setdefault(word, stem)
        known[form] = stem
    for stem in set(known.values()):
        known.setdefault(stem, stem)
    return known


def _plain_end(word: str) -> str:
    """A listed word's own stem: only the ending of the feminine goes, so that لغة and لغتي meet."""
    return word[:-1] if word.endswith("ه") and len(word) > _LEAST else word


def _spelt(word: str) -> str:
    return fold(word).translate(_BORROWED)


# Tokens ---------------------------------------------------------------------------------------

_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_NO_SPACES: Final = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")


def tokens_for_index(text: str) -> list[str]:
    """The words of a text as they go into the index, in order, stop words left out.

    Arabic and English words become stems; other words are folded and lose their accents; Chinese and
    Japanese are cut into pairs of characters; of a link only the host counts. Equal words repeat.
    """
    tokens: list[str] = []
    for match in _WORD.finditer(_spelt(_hosts_only(text)).replace("’", "'")):
        tokens += _tokens(match[0])
        if len(tokens) >= MOST_WORDS:
            break
    return tokens


def tokens_for_query(text: str) -> list[str]:
    """The words to look for, each once: made as the index was made, so that what went in is found."""
    return list(dict.fromkeys(tokens_for_index(text)))


def _tokens(word: str) -> list[str]:
    word = word[:LONGEST_WORD]
    if word.isascii():
        return _english(word)
    if _ARABIC_WORD.fullmatch(word):
        return [] if _is_stop_word(word) else [arabic_stem(word)]
    if _NO_SPACES.fullmatch(word):
        return [word[at : at + 2] for at in range(max(len(word) - 1, 1))]
    plain = _without_accents(word)
    return _english(plain) if plain.isascii() else [plain]


def _english(word: str) -> list[str]:
    return [] if word in ENGLISH_STOP_WORDS else [english_stem(word)]


def _is_stop_word(word: str) -> bool:
    stop = _stop_words()
    return word in stop or (word[0] in "وف" and word[1:] in stop)


@cache
def _stop_words() -> frozenset[str]:
    return frozenset(map(_spelt, STOP_WORDS.split()))


def _without_accents(word: str) -> str:
    letters = unicodedata.normalize("NFD", word)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _hosts_only(text: str) -> str:
    """The text with links replaced by their hosts: nobody searches for the letters of a path."""
    pieces: list[str] = []
    at = 0
    for link in find_links(text):
        host = link.url.partition("://")[2].partition("/")[0].removeprefix("www.")
        pieces += (text[at : link.start], host)
        at = link.end
    return "".join([*pieces, text[at:]])
