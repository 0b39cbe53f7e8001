"""How the model is made: multinomial logistic regression with L2, by L-BFGS; reproducible to the bit on one machine.

Only ``scripts/train_moods.py`` and the evaluation come here. SciPy does the work; nothing is drawn at random.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from typing import Any, Final

import msgspec
import numpy as np
import scipy.optimize
import scipy.sparse

from majlis.insights.moods.features import PLACES, is_arabic, places
from majlis.insights.moods.model import SOUNDS, Model, Sound, Terms

STRENGTH: Final = 2.0
"""Of the L2 penalty, for a mean loss: ``STRENGTH ÷ texts``. A first choice that was kept: it is tuned on nothing."""
ROUNDS: Final = 60
CALIBRATED_ON: Final = 10
"""Every tenth text is kept from the fit and calibrates it."""

Matrix = Any
Numbers = Any


class Labelled(msgspec.Struct, frozen=True, kw_only=True):
    """A text somebody judged. ``complaint``: None where nobody said. ``weight``: how far it is believed."""

    text: str
    sound: Sound | None
    complaint: bool | None = None
    weight: float = 1.0
    calibrates: bool = True


def matrix(texts: Sequence[str]) -> Matrix:
    """Texts × places, as the model sums them: words and pieces each by the root of their number."""
    columns, values, starts = array("i"), array("f"), array("q", [0])
    for text in texts:
        found, words = places(text)
        columns.extend(found)
        values.extend([1 / math.sqrt(words)] * words)
        if len(found) > words:
            values.extend([1 / math.sqrt(len(found) - words)] * (len(found) - words))
        starts.append(len(columns))
    return scipy.sparse.csr_matrix(
        (
            np.frombuffer(values, np.float32),
            np.frombuffer(columns, np.int32),
            np.frombuffer(starts, np.int64),
        ),
        shape=(len(texts), PLACES),
    )


def trained(labelled: Sequence[Labelled], *, strength: float = STRENGTH, rounds: int = ROUNDS) -> Model:
    """The model of these texts. Raises ValueError when there is none of some sound."""
    return fitted(matrix([each.text for each in labelled]), labelled, strength=strength, rounds=rounds)


def fitted(
    seen: Matrix, labelled: Sequence[Labelled], *, strength: float = STRENGTH, rounds: int = ROUNDS
) -> Model:
    """As :func:`trained`, with the matrix of the texts made before."""
    used, dense = _used(seen)
    sounds = np.array([-1 if each.sound is None else SOUNDS.index(each.sound) for each in labelled])
    complaints = np.array([-1 if each.complaint is None else int(each.complaint) for each in labelled])
    weights = np.array([each.weight for each in labelled])
    if set(sounds) - {-1} != set(range(len(SOUNDS))):
        raise ValueError("there must be texts of every sound")
    kept = np.arange(len(labelled)) % CALIBRATED_ON != CALIBRATED_ON - 1
    kept |= ~np.array([each.calibrates for each in labelled])
    rare = _rarity(dense)
    scaled = dense.multiply(rare[np.newaxis, :]).tocsr()
    moods = _logistic(
        scaled,
        sounds,
        weights * _evened(sounds, weights),
        kept & (sounds >= 0),
        len(SOUNDS),
        strength,
        rounds,
    )
    if (complaints >= 0).any():
        two = _logistic(scaled, complaints, weights, kept & (complaints >= 0), 2, strength, rounds)
    else:  # nobody said: a complaint is what is negative
        two = _logistic(scaled, (sounds == 0).astype(int), weights, kept & (sounds >= 0), 2, strength, rounds)
        complaints = np.where(sounds >= 0, sounds == 0, -1)
    columns = np.hstack([moods[:-1], (two[:-1, 1] - two[:-1, 0])[:, np.newaxis]]) * rare[:, np.newaxis]
    bias = (*moods[-1], two[-1, 1] - two[-1, 0])
    small, scale = _rounded(columns, used)
    held = np.flatnonzero(~kept)
    arabic = np.array([is_arabic(each.text) for each in labelled])[held]
    sums = dense[held] @ (small[used].astype(np.float64) * scale) + np.array(bias)
    terms = [
        _calibrated(bias, sums[mine], sounds[held][mine], complaints[held][mine])
        for mine in (arabic, ~arabic)
    ]
    return Model(small, tuple(float(each) for each in scale), terms[0], terms[1])


def _used(seen: Matrix) -> tuple[Numbers, Matrix]:
    """The places that stand in two texts or more, and the matrix of these."""
    counts = np.bincount(seen.indices, minlength=PLACES)
    used = np.flatnonzero(counts >= 2)
    return used, seen[:, used].tocsr()


def _rarity(dense: Matrix) -> Numbers:
    """What is in every text tells little (Spärck Jones 1972); softened, as pieces of words are many."""
    counts = np.bincount(dense.indices, minlength=dense.shape[1])
    return np.sqrt(1 + np.log((1 + dense.shape[0]) / (1 + counts))).astype(np.float32)


def _evened(sounds: Numbers, weights: Numbers) -> Numbers:
    """Rare sounds weigh more, by the root of how rare they are: without it the model would hardly ever say neutral."""
    whole = np.array([weights[sounds == sound].sum() for sound in range(len(SOUNDS))])
    factors = np.sqrt(whole.sum() / len(SOUNDS) / np.maximum(whole, 1e-9))
    return np.where(sounds >= 0, factors[np.maximum(sounds, 0)], 1.0)


def _logistic(
    seen: Matrix, labels: Numbers, weights: Numbers, kept: Numbers, classes: int, strength: float, rounds: int
) -> Numbers:
    """Weights, a row a place and the bias last; the bias is not held back."""
    rows = np.flatnonzero(kept)
    seen, labels, weights = seen[rows], labels[rows], weights[rows].astype(np.float32)
    weights = weights / weights.sum()
    turned, width = seen.T.tocsr(), seen.shape[1]
    wanted = np.eye(classes, dtype=np.float32)[labels]
    penalty = np.float32(strength / len(rows))

    def loss(flat: Numbers) -> tuple[float, Numbers]:
        table = flat.reshape(width + 1, classes).astype(np.float32)
        values = seen @ table[:-1] + table[-1]
        values -= values.max(axis=1, keepdims=True)
        shares = np.exp(values)
        whole = shares.sum(axis=1, keepdims=True)
        shares /= whole
        cost = float((weights * (np.log(whole[:, 0]) - (values * wanted).sum(axis=1))).sum())
        off = (shares - wanted) * weights[:, np.newaxis]
        slope = np.vstack([turned @ off + penalty * table[:-1], off.sum(axis=0)[np.newaxis, :]])
        return cost + float(penalty / 2 * (table[:-1] ** 2).sum()), slope.astype(np.float64).ravel()

    found = scipy.optimize.minimize(
        loss, np.zeros((width + 1) * classes), jac=True, method="L-BFGS-B",
        options={"maxiter": rounds, "maxcor": 6},
    )  # fmt: skip
    return found.x.reshape(width + 1, classes)


def _rounded(columns: Numbers, used: Numbers) -> tuple[Numbers, Numbers]:
    """8 bits a number; what is larger than all but one in ten thousand is as large as that."""
    top = np.maximum(np.quantile(np.abs(columns), 0.9999, axis=0), 1e-9)
    scale = top / 127
    small = np.zeros((PLACES, columns.shape[1]), np.int8)
    small[used] = np.clip(np.rint(columns / scale), -127, 127).astype(np.int8)
    return small, scale


def _calibrated(bias: Sequence[float], sums: Numbers, sounds: Numbers, complaints: Numbers) -> Terms:
    """One number divides the sums, two turn the complaint's; as they are where too few were held back. It is never below
    one: those it is learnt from are surer than others will be."""
    cold, slope, offset = 1.0, 1.0, 0.0
    told = sounds >= 0
    if told.sum() >= 50:
        rows, right = sums[told][:, :3], sounds[told]

        def wrong(cooled: float) -> float:
            values = rows / cooled
            whole = np.logaddexp.reduce(values, axis=1)
            return float((whole - values[np.arange(len(right)), right]).mean())

        cold = float(scipy.optimize.minimize_scalar(wrong, bounds=(1, 5), method="bounded").x)
    said = complaints >= 0
    if said.sum() >= 50 and 0 < complaints[said].mean() < 1:
        values, yes = sums[said][:, 3], complaints[said].astype(float)

        def odds(two: Numbers) -> float:
            turned = two[0] * values + two[1]
            return float((np.logaddexp(0, turned) - yes * turned).mean())

        slope, offset = (float(each) for each in scipy.optimize.minimize(odds, [1.0, 0.0]).x)
        slope = max(slope, 0.05)
    return Terms(bias=tuple(float(each) for each in bias), cold=cold, slope=slope, offset=offset)
