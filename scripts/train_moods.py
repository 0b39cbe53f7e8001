"""Makes the model that ships: ``python scripts/train_moods.py DATA [--every 1]``, DATA a folder like ../shared/data.

Reads DATA/training and the seeds beside the model, and nothing else. Writes weights.npy and terms.json.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import regex

from majlis.insights.moods.model import HERE, TERMS, WEIGHTS, Model, Sound
from majlis.insights.moods.training import Labelled, trained

SIGNS = {
    "c": (Sound.NEGATIVE, True),
    "n": (Sound.NEGATIVE, False),
    "0": (Sound.NEUTRAL, False),
    "p": (Sound.POSITIVE, False),
}
EMOJI = regex.compile(r"[\p{Extended_Pictographic}\ufe0f]+")
SEED, CHECKED, RATED, BY_EMOJI = 6.0, 1.0, 1.0, 0.1
"""How far each kind of text is believed: so that the seeds, the checked, and those labelled by emoji weigh about alike."""


def seeds() -> Iterator[Labelled]:
    for path in sorted(HERE.glob("seeds_*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                sound, complaint = SIGNS[line[0]]
                yield Labelled(text=line[2:], sound=sound, complaint=complaint, weight=SEED, calibrates=False)


def rated(path: Path) -> Iterator[Labelled]:
    """Mean ratings from -4 to 4. What is negative is taken for a complaint where nobody said; seeds teach which is not."""
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        _, rating, text = line.split("\t", 2)
        value = float(rating)
        sound = Sound.POSITIVE if value > 0.5 else Sound.NEGATIVE if value < -0.5 else Sound.NEUTRAL
        yield Labelled(text=text, sound=sound, complaint=sound is Sound.NEGATIVE, weight=RATED)


def checked(path: Path) -> Iterator[Labelled]:
    for line in path.read_text(encoding="utf-16").splitlines():
        label, _, text = line.partition("\t")
        yield from _arabic(label, text.rsplit("\t", 1)[0].strip("\t"), CHECKED, calibrates=True)


def by_emoji(path: Path, *, every: int) -> Iterator[Labelled]:
    """Every other text without its emoji: else the model would learn nothing but these."""
    for at, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        label, _, text = line.partition("\t")
        if at % every == 0:
            shown = text if at // every % 2 else EMOJI.sub(" ", text)
            yield from _arabic(label, shown, BY_EMOJI, calibrates=False)


def _arabic(label: str, text: str, weight: float, *, calibrates: bool) -> Iterator[Labelled]:
    if label in ("pos", "neg") and text.strip() and not text.startswith("#NAME?"):
        sound = Sound.POSITIVE if label == "pos" else Sound.NEGATIVE
        complaint = sound is Sound.NEGATIVE
        yield Labelled(text=text, sound=sound, complaint=complaint, weight=weight, calibrates=calibrates)


def texts(data: Path, *, every: int = 1) -> list[Labelled]:
    """All that the model learns from, in a fixed order."""
    folder, found = data / "training", list(seeds())
    found += rated(folder / "en_tweets_rated.tsv")
    found += rated(folder / "en_product_reviews_rated.tsv")
    for sign in ("negative", "positive"):
        found += checked(folder / f"ar_checked_{sign}.txt")
        for part in ("train", "test"):
            found += by_emoji(folder / f"ar_emoji_{part}_{sign}.tsv", every=every)
    return found


def write(model: Model) -> None:
    np.save(WEIGHTS, model.weights)
    terms = {
        "scale": model.scale,
        "arabic": msgspec.to_builtins(model.arabic),
        "latin": msgspec.to_builtins(model.latin),
    }
    TERMS.write_text(json.dumps(terms, indent=1) + "\n", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument(
        "--every", type=int, default=1, help="of the texts labelled by emoji only every so many"
    )
    told = parser.parse_args()
    learnt = texts(told.data, every=told.every)
    sys.stderr.write(f"{len(learnt)} texts\n")
    write(trained(learnt))
    return 0


if __name__ == "__main__":
    sys.exit(main())
