"""How texts to brands are read: by the model that ships, which knows no brand, and by the same method trained on others.

Nothing that stands here goes into what ships: DATA/complaints is for measuring. A complaint is what its set calls negative.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from majlis.core import json
from majlis.core.errors import BadInput
from majlis.insights.evaluation import Row, unpublished, within
from majlis.insights.moods.model import Model, Reading, Sound, shipped

if TYPE_CHECKING:
    from majlis.insights.moods.training import Labelled

SOURCE: Final = "issue 5, section 2; TF-IDF with logistic regression in shared/data/README.md"
SETS: Final = ("en_airlines", "ar_egypt_companies", "ar_saudi_tech")
_WITHIN: Final = "ar_egypt_companies"
_ACROSS: Final = "ar_saudi_tech"


class Told(msgspec.Struct, frozen=True):
    """A text of a set, its brand if that is known, and what somebody called it."""

    text: str
    sentiment: Sound
    brand: str | None = None


_read: Final = json.own_reader(Told)


def texts(path: Path) -> list[Told]:
    """A set, in the order of its file. Raises ValueError where it is empty, or a line is none of its form."""
    found = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    found.append(_read(line))
                except (BadInput, ValueError, msgspec.MsgspecError) as error:
                    raise ValueError(f"{path.name}, line {number}: {error}") from error
    if not found:
        raise ValueError(f"{path.name} is empty")
    return found


class Measured(msgspec.Struct, frozen=True):
    """Shares of one. ``calibration``: expected distance of confidence from accuracy in ten steps (Guo et al. 2017)."""

    accuracy: float
    macro_f1: float
    auc: float | None
    calibration: float


def measured(told: Sequence[Told], read: Sequence[Reading]) -> Measured:
    """What was read beside what was told."""
    pairs = [(text.sentiment, reading) for text, reading in zip(told, read, strict=True)]
    right = [reading.sound is truth for truth, reading in pairs]
    return Measured(
        sum(right) / len(right),
        sum(_f1([(truth is sound, reading.sound is sound) for truth, reading in pairs]) for sound in Sound) / len(Sound),
        auc([reading.complaint for _, reading in pairs], [truth is Sound.NEGATIVE for truth, _ in pairs]),
        _distance([reading.confidence for _, reading in pairs], right),
    )  # fmt: skip


def _f1(pairs: Sequence[tuple[bool, bool]]) -> float:
    both = sum(truth and said for truth, said in pairs)
    either = sum(truth for truth, _ in pairs) + sum(said for _, said in pairs)
    return 2 * both / either if either else 0.0


def auc(scores: Sequence[float], yes: Sequence[bool]) -> float | None:
    """The chance that a yes scores higher than a no, ties half (Mann & Whitney 1947); None without one of each."""
    from scipy.stats import rankdata  # noqa: PLC0415  # parts are listed without it

    positive = sum(yes)
    if not positive or positive == len(yes):
        return None
    ranks = rankdata(scores)
    above = float(sum(rank for rank, each in zip(ranks, yes, strict=True) if each))
    return (above - positive * (positive + 1) / 2) / (positive * (len(yes) - positive))


def _distance(confidence: Sequence[float], right: Sequence[bool]) -> float:
    steps: dict[int, list[tuple[float, bool]]] = {}
    for sure, was in zip(confidence, right, strict=True):
        steps.setdefault(min(int(sure * 10), 9), []).append((sure, was))
    return sum(
        abs(sum(sure for sure, _ in step) - sum(was for _, was in step)) for step in steps.values()
    ) / len(right)


def rows(data: Path) -> Iterator[Row]:
    """Of every set that is there. What is not is said at the end, by FileNotFoundError or ValueError."""
    there: dict[str, list[Told]] = {}
    odd: list[str] = []
    gone: list[str] = []
    for name in SETS:
        path = data / "complaints" / f"{name}.jsonl"
        try:
            there[name] = texts(path)
        except FileNotFoundError:
            gone.append(str(path))
        except ValueError as error:
            odd.append(str(error))
    yield from _measured(there)
    if odd:
        raise ValueError("; ".join([*odd, *(f"there is no {path}" for path in gone)]))
    if gone:
        raise FileNotFoundError(2, "no such set", ", ".join(gone))


def _measured(there: dict[str, list[Told]]) -> Iterator[Row]:
    model = shipped()
    for name, told in there.items():
        found = measured(told, [model.read(each.text) for each in told])
        yield from _rows(f"moods: shipped, no brand text: {name}", found)
    for name in SETS[:2]:
        if name in there:
            yield from _unseen(name, there[name])
    if (
        _WITHIN in there
        and _ACROSS in there
        and len({each.sentiment for each in there[_WITHIN]}) == len(Sound)
    ):
        learnt = _trained(there[_WITHIN])
        found = measured(there[_ACROSS], [learnt.read(each.text) for each in there[_ACROSS]])
        yield from _rows(f"moods: trained on {_WITHIN}, read {_ACROSS}", found, least_auc=0.86)


def _unseen(name: str, told: Sequence[Told]) -> Iterator[Row]:
    """Brands left out one by one; where one brand is nine tenths of all, the others are what is left out."""
    brands = sorted({each.brand or "" for each in told})
    largest = max(brands, key=lambda brand: sum(each.brand == brand for each in told))
    lopsided = sum(each.brand == largest for each in told) > 0.9 * len(told)
    left_out = [set(brands) - {largest}] if lopsided else [{brand} for brand in brands]
    judged: list[Told] = []
    read: list[Reading] = []
    for out in left_out:
        rest = [each for each in told if (each.brand or "") not in out]
        unseen = [each for each in told if (each.brand or "") in out]
        if len({each.sentiment for each in rest}) < len(Sound) or not unseen:
            continue
        learnt = _trained(rest)
        read += [learnt.read(each.text) for each in unseen]
        judged += unseen
    if judged:
        macro = 0.77 if name.startswith("en") else None
        yield from _rows(
            f"moods: same method, brands unseen: {name}",
            measured(judged, read),
            least_auc=0.92,
            least_f1=macro,
        )


def _trained(told: Sequence[Told]) -> Model:
    from majlis.insights.moods.training import trained  # noqa: PLC0415  # as above

    return trained([_labelled(each) for each in told])


def _labelled(told: Told) -> Labelled:
    from majlis.insights.moods.training import Labelled  # noqa: PLC0415  # as above

    return Labelled(text=told.text, sound=told.sentiment, complaint=told.sentiment is Sound.NEGATIVE)


def _rows(
    name: str, found: Measured, *, least_auc: float | None = None, least_f1: float | None = None
) -> Iterator[Row]:
    yield unpublished(f"{name}: accuracy", found.accuracy, SOURCE)
    for what, value, least in (
        ("macro-F1", found.macro_f1, least_f1),
        ("complaint AUC", found.auc, least_auc),
    ):
        if least is None or value is None:
            yield unpublished(f"{name}: {what}", value, SOURCE)
        else:
            yield within(f"{name}: {what}", value, least, 1.0, SOURCE)
    yield unpublished(f"{name}: distance of confidence from accuracy", found.calibration, "Guo et al. 2017")
