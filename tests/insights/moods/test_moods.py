"""Short texts as they are read: clear ones rightly, spellings alike, nonsense without harm; training comes out the same."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from majlis.insights.evaluation import moods as evaluation
from majlis.insights.moods import Sound, features, read, read_all
from majlis.insights.moods.model import HERE, Reading
from majlis.insights.moods.training import Labelled, trained


@pytest.mark.parametrize(
    ("text", "sound"),
    [
        ("The bread was lovely and the staff are so kind, thank you!", Sound.POSITIVE),
        ("Terrible service, my order is late again and nobody answers", Sound.NEGATIVE),
        ("What time do you open on Friday?", Sound.NEUTRAL),
        ("الخدمة ممتازة والخبز لذيذ، شكرا لكم", Sound.POSITIVE),
        ("خدمة سيئة جدا والطلب تأخر ولا أحد يرد", Sound.NEGATIVE),
        ("متى يفتح المخبز يوم الجمعة؟", Sound.NEUTRAL),
        ("بقالي ساعة مستني الاوردر ومحدش بيرد", Sound.NEGATIVE),
        ("وين طلبي صار لي يومين والخدمة زفت", Sound.NEGATIVE),
        ("كتير طيب الخبز عندكن، يسلمو هالايدين", Sound.POSITIVE),
        ("😡😡", Sound.NEGATIVE),
        ("❤️😍", Sound.POSITIVE),
    ],
)
def test_clear_texts(text: str, sound: Sound) -> None:
    assert read(text).sound is sound


def test_a_complaint_is_known_from_sadness_and_praise() -> None:
    complaint = read("دفعت المبلغ ولم يصلني الطلب والموظف رفض أن يرد").complaint
    assert complaint > 0.5 > read("شكرا على التوصيل السريع").complaint
    assert read("you lost my parcel, I want a refund").complaint > 0.5 > read("see you on Friday").complaint


def test_spellings_are_one() -> None:
    plain = features.places("الخدمة جميلة جدا")
    for spelling in ("الخِدْمَة جميلة جداً", "الخـــدمة جميله جدا", "الخدمه جمييييله جدا".replace("يييي", "ي")):
        assert features.places(spelling) == plain
    assert features.spelt("جمييييييل") == features.spelt("جمييل")
    assert features.spelt("@bakery see https://example.org/x now") == "‹name› see ‹link› now"


def test_names_and_links_say_nothing() -> None:
    assert read("@one great bread https://a.example/x") == read("@two great bread https://b.example/y")


@given(st.text(max_size=300))
def test_any_text_has_probabilities(text: str) -> None:
    found = read(text)
    assert math.isclose(found.negative + found.neutral + found.positive, 1, abs_tol=1e-9)
    for each in (found.negative, found.neutral, found.positive, found.complaint):
        assert 0 <= each <= 1
    assert found.confidence >= 1 / 3 - 1e-9


@pytest.mark.parametrize("text", ["", "   ", "\u200f\u0640", "https://"])
def test_of_nothing_nothing_is_known(text: str) -> None:
    assert read("").sound is Sound.NEUTRAL
    assert 0 <= read(text).complaint <= 1


def test_a_rant_is_read_at_both_ends() -> None:
    rant = "worst service " + "la " * 5_000 + "never again, terrible"
    assert read(rant).sound is Sound.NEGATIVE
    assert len(features.spelt(rant)) <= features.LONGEST + 10


def test_many_are_read_in_their_order() -> None:
    texts = ["great", "awful", "great"]
    assert list(read_all(texts)) == [read(each) for each in texts]


def test_what_ships_is_small_and_credited() -> None:
    assert sum(path.stat().st_size for path in HERE.iterdir() if path.is_file()) < 20_000_000
    credits_ = (HERE / "CREDITS.md").read_text(encoding="utf-8")
    assert "MIT" in credits_
    assert "Apache" in credits_


def test_training_comes_out_the_same_and_learns() -> None:
    labelled = [
        Labelled(text=f"{word} {thing}", sound=sound, complaint=sound is Sound.NEGATIVE)
        for word, sound in (("good", Sound.POSITIVE), ("bad", Sound.NEGATIVE), ("usual", Sound.NEUTRAL))
        for thing in ("bread", "cake", "coffee", "service", "table", "driver", "price", "door")
    ]
    one, two = trained(labelled), trained(labelled)
    assert (one.weights == two.weights).all()
    assert one.read("good soup").sound is Sound.POSITIVE
    assert one.read("bad soup").complaint > one.read("good soup").complaint
    with pytest.raises(ValueError, match="every sound"):
        trained(labelled[:3])


def test_auc_and_f1_by_hand() -> None:
    assert evaluation.auc([0.1, 0.4, 0.35, 0.8], [False, False, True, True]) == 0.75
    assert evaluation.auc([0.5, 0.5], [True, False]) == 0.5
    assert evaluation.auc([0.5], [True]) is None
    sure = {Sound.NEGATIVE: (1.0, 0.0, 0.0), Sound.NEUTRAL: (0.0, 1.0, 0.0), Sound.POSITIVE: (0.0, 0.0, 1.0)}

    def said(sound: Sound) -> Reading:
        negative, neutral, positive = sure[sound]
        return Reading(negative=negative, neutral=neutral, positive=positive, complaint=negative)

    truth = [
        evaluation.Told("a", Sound.NEGATIVE),
        evaluation.Told("b", Sound.NEUTRAL),
        evaluation.Told("c", Sound.POSITIVE),
    ]
    found = evaluation.measured(truth, [said(Sound.NEGATIVE), said(Sound.POSITIVE), said(Sound.POSITIVE)])
    assert found.accuracy == pytest.approx(2 / 3)
    assert found.macro_f1 == pytest.approx((1 + 0 + 2 / 3) / 3)
    assert found.auc == 1
    assert found.calibration == pytest.approx(1 / 3)


def test_the_evaluation_runs_on_any_folder_of_that_form(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        list(evaluation.rows(tmp_path))
    (tmp_path / "complaints").mkdir()
    lines = [
        f'{{"text": "{word} {brand} {n}", "sentiment": "{sound}", "brand": "{brand}"}}'
        for brand in ("one", "two")
        for n, (word, sound) in enumerate(
            [("lovely", "positive"), ("awful", "negative"), ("when", "neutral")] * 4
        )
    ]
    (tmp_path / "complaints" / "en_airlines.jsonl").write_text("\n".join(lines), encoding="utf-8")
    found = {}

    def measure() -> None:
        for row in evaluation.rows(tmp_path):
            found[row.name] = row

    with pytest.raises(FileNotFoundError, match="ar_saudi_tech"):  # said once all that is there was measured
        measure()
    assert found["moods: same method, brands unseen: en_airlines: macro-F1"].value == 1
    assert "moods: shipped, no brand text: en_airlines: complaint AUC" in found
