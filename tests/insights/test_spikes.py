"""The scorer is that which lies beside the data, and the published rules of it hold on series small enough to count."""

from __future__ import annotations

import importlib.util
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from majlis.insights.evaluation import spikes
from majlis.insights.evaluation.spikes import Series, scored

START = datetime(2026, 3, 2, tzinfo=UTC)
LONG = Series([START + place * spikes.STEP for place in range(6_000)], [1.0] * 6_000, [(2_000, 2_200)])


def test_silence_is_0_and_the_first_value_of_a_window_100() -> None:
    assert scored([(LONG, [])]).by_profile == {"standard": 0, "low false positives": 0}
    perfect = scored([(LONG, [2_000])])
    assert perfect.by_profile["standard"] == pytest.approx(100, abs=0.1)
    assert (perfect.found, perfect.windows, perfect.false_alerts) == (1, 1, 0)


def test_late_is_worse_than_early_and_false_than_silent() -> None:
    scores = [scored([(LONG, [at])]).by_profile["standard"] for at in (2_000, 2_100, 2_190, 1_500)]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] < 0
    assert scored([(LONG, [1_500, 1_505])]).false_alerts == scored([(LONG, [1_500])]).false_alerts > 0
    assert scored([(LONG, [10, 700])]).by_profile["standard"] == 0, "the first part is not scored"


def test_without_a_window_there_is_no_score() -> None:
    with pytest.raises(ValueError, match="no window"):
        scored([(Series(LONG.times, LONG.counts, []), [])])


def test_any_folder_of_the_form(tmp_path: Path) -> None:
    folder = tmp_path / "spikes"
    folder.mkdir()
    lines = [f"{START + place * timedelta(minutes=5):%Y-%m-%d %H:%M:%S},{100 if 2_000 <= place < 2_020 else 5}"
             for place in range(3_000)]  # fmt: skip
    (folder / "OURS.csv").write_text("timestamp,value\n" + "\n".join(lines) + "\n", encoding="utf-8")
    (folder / "windows.json").write_text(
        '{"OURS": [["2026-03-08 20:00:00.000000", "2026-03-09 20:00:00.000000"]]}'
    )
    found = {row.name: row for row in spikes.rows(tmp_path)}
    assert found["spikes: windows found, share"].value == 1
    assert found["spikes: standard"].meets is True
    assert found["spikes: OURS: windows found of 1"].value == 1
    (folder / "windows.json").write_text('{"OURS": [["2026-03-08 20:00:01", "2026-03-09 20:00:00"]]}')
    with pytest.raises(ValueError, match="not at a value"):
        list(spikes.rows(tmp_path))
    with pytest.raises(FileNotFoundError):
        list(spikes.rows(folder))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # it leaves its files open
def test_scores_are_those_of_the_scorer_beside_the_data(shared_data: Path) -> None:
    folder = shared_data / "data" / "spikes"
    spec = importlib.util.spec_from_file_location("score_beside_the_data", folder / "score.py")
    assert spec is not None
    assert spec.loader is not None
    theirs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(theirs)
    known, draw = spikes.read(folder), random.Random(3)
    for number in (0, 1, 5, 40):
        places = {name: sorted(draw.sample(range(len(each.times)), number)) for name, each in known.items()}
        ours = scored([(each, places[name]) for name, each in known.items()])
        flags = {
            name: [place in chosen for place in range(len(known[name].times))]
            for name, chosen in ((name, set(those)) for name, those in places.items())
        }
        told = theirs.score(flags)
        assert round(ours.by_profile["standard"], 1) == told["standard"]
        assert round(ours.by_profile["low false positives"], 1) == told["low_false_positive"]
        assert (ours.found, ours.windows) == (told["found"], told["windows"])
        assert round(ours.false_alerts, 2) == told["false_alerts_per_brand_week"]
