"""The table of figures: every worked number comes out, new parts are found, what is missing is left out and said."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import msgspec
import pytest

from majlis.insights import evaluation
from majlis.insights.evaluation import Row, expectation, geolift, paths, vectors
from majlis.insights.evaluation.__main__ import main

HERE = Path(__file__).parent
WORKED = json.loads((HERE / "metric_vectors.json").read_text(encoding="utf-8"))


@pytest.fixture(name="only_vectors")
def _only_vectors(tmp_path: Path) -> Path:
    shutil.copy(HERE / "metric_vectors.json", tmp_path)
    return tmp_path


def test_every_worked_number_comes_out(only_vectors: Path) -> None:
    found = list(vectors.rows(only_vectors))
    assert [row for row in found if row.meets is not True] == []
    assert {row.name.split(": ")[1] for row in found} == WORKED.keys()
    assert len({row.name for row in found}) == len(found)


def test_a_wrong_number_does_not_meet(tmp_path: Path) -> None:
    wrong = json.loads(json.dumps(WORKED))
    wrong["sov"]["out"] = 0.21
    (tmp_path / "metric_vectors.json").write_text(json.dumps({"sov": wrong["sov"]}))
    assert [(row.meets, row.value, row.target) for row in vectors.rows(tmp_path)] == [(False, 0.2, 0.21)]


def test_every_module_is_a_part() -> None:
    folder = Path(evaluation.__file__).parent
    names = {path.stem for path in folder.glob("*.py") if not path.stem.startswith("_")}
    assert evaluation.parts().keys() == names
    assert {"vectors", "paths", "geolift", "holdouts"} <= names


def test_the_command_writes_the_table(
    only_vectors: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        evaluation, "parts", lambda: {"vectors": vectors.rows, "paths": paths.rows, "geolift": geolift.rows}
    )
    out = only_vectors / "evaluation.json"
    assert main([str(only_vectors), "--out", str(out)]) == 0
    rows = msgspec.json.decode(out.read_bytes(), type=list[Row])
    assert len(rows) > 100
    assert all(
        set(row) == {"name", "value", "target", "meets", "source"} for row in json.loads(out.read_text())
    )
    said = capsys.readouterr().err
    assert "left out: paths: there is no" in said
    assert "left out: geolift: there is no" in said


def test_a_folder_that_is_not_there_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "nowhere")]) == 2
    assert "There is no folder" in capsys.readouterr().err


def test_other_data_of_the_same_form_has_figures_and_no_target(tmp_path: Path) -> None:
    (tmp_path / "marketing").mkdir()
    (tmp_path / "marketing" / "attribution_paths.csv").write_text(
        "path,total_conversions,total_conversion_value,total_null\na > b,2,3.5,1\nb,0,0,4\n", encoding="utf-8"
    )
    lines = [
        f"{place},{100 + n * at % 13},2026-01-{at:02}"
        for n, place in enumerate(("chicago", "portland", "akko", "jaffa"), 1)
        for at in range(1, 29)
    ]
    (tmp_path / "marketing" / "geolift_test.csv").write_text(
        "location,Y,date\n" + "\n".join(lines), encoding="utf-8"
    )
    rows = [*paths.rows(tmp_path), *geolift.rows(tmp_path)]
    assert {"geolift: synthetic control: lift, %", "paths: markov: a"} <= {row.name for row in rows}
    assert {row.meets for row in rows if row.target is None} == {None}
    assert all(row.meets for row in rows if row.target is not None)


@pytest.fixture(name="others")
def _others(tmp_path: Path) -> Path:
    """A folder laid out alike, of another brand, other towns and another shop; some of it empty, some of it odd."""
    marketing, complaints = tmp_path / "marketing", tmp_path / "complaints"
    marketing.mkdir()
    complaints.mkdir()
    chance = random.Random(11)
    posts = "".join(
        f"{2_000 + 3 * n};{chance.choice(['Reel', 'Text'])};{1 + n // 10 % 12};{1 + n % 7};{chance.randint(0, 23)};0;"
        f"{chance.randint(100, 900)};{chance.randint(1, 90)};{chance.randint(10, 90)}\n"
        for n in reversed(range(70))
    )
    (marketing / "uci_facebook_posts.csv").write_text(";".join(expectation.COLUMNS) + "\n" + posts)
    towns = "".join(
        f"{town},{100 + number * day % 13 + chance.random()},2026-03-{day:02},{int(town == 'nablus' and day > 20)}\n"
        for number, town in enumerate(("nablus", "jenin", "hebron", "gaza"), 1)
        for day in range(1, 29)
    )
    (marketing / "geolift_test.csv").write_text("location,Y,date,treated\n" + towns)
    (marketing / "attribution_paths.csv").write_text("")
    (complaints / "ar_saudi_tech.jsonl").write_text("")
    (complaints / "en_airlines.jsonl").write_text(
        '{"text": "Late again", "sentiment": "negative"}\n{"text":\n'
    )
    (tmp_path / "metric_vectors.json").write_text(json.dumps({"sov": WORKED["sov"], "csat": {"in": 3}}))
    return tmp_path


def test_a_folder_of_others_is_measured_without_published_targets(others: Path) -> None:
    rows = [*expectation.rows(others), *geolift.rows(others)]
    assert {"UCI: median share of fans reached, paid (%)", "geolift: synthetic control: lift, %"} <= {
        row.name for row in rows
    }
    told = {row.name: row for row in rows}
    assert told["UCI: median share of fans reached, all (%)"].meets is None
    assert told["UCI expected reach: coverage of 80 % ranges (of 10 posts)"].meets is None
    assert not any("as published" in name for name in told)


def test_what_is_odd_is_said_in_a_sentence_and_the_rest_goes_on(
    others: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (others / "marketing" / "cdnow_customers_summary_with_transactions.csv").write_text(
        "x,t_x,T,zbar\n1,9,3,2\n"
    )
    names = ("vectors", "paths", "moods", "lifetime", "geolift")
    parts = {name: part for name, part in evaluation.parts().items() if name in names}
    monkeypatch.setattr(evaluation, "parts", lambda: parts)
    assert main([str(others), "--out", str(others / "evaluation.json")]) == 0
    said = capsys.readouterr().err
    assert "paths: its data cannot be read: attribution_paths.csv has no column path" in said
    assert "ar_saudi_tech.jsonl is empty" in said
    assert "en_airlines.jsonl, line 2:" in said
    assert "there is no" in said
    assert "ar_egypt_companies.jsonl" in said
    assert "cdnow_customers_summary_with_transactions.csv, line 2: A customer's times must hold" in said
    assert "vectors of another form: csat" in said
    assert "ok  vectors: sov: share" in said
    assert "geolift: synthetic control: lift" in said


def test_towns_of_which_nobody_says_where_the_campaign_was_are_refused(others: Path) -> None:
    path = others / "marketing" / "geolift_test.csv"
    path.write_text(path.read_text().replace("treated", "else"))
    with pytest.raises(ValueError, match="neither chicago and portland nor a column treated"):
        list(geolift.rows(others))
    path.write_text("\n".join(path.read_text().splitlines()[:-1]))
    with pytest.raises(ValueError, match="gaza has other days"):
        list(geolift.rows(others))


def test_a_miss_ends_with_one_only_when_that_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = json.loads(json.dumps(WORKED["sov"])) | {"out": 0.21}
    (tmp_path / "metric_vectors.json").write_text(json.dumps({"sov": wrong}))
    monkeypatch.setattr(evaluation, "parts", lambda: {"vectors": vectors.rows})
    out = ["--out", str(tmp_path / "evaluation.json")]
    assert main([str(tmp_path), *out]) == 0
    assert "not as published: vectors: sov: share: 0.2 (0.21)" in capsys.readouterr().err
    assert main([str(tmp_path), *out, "--strict"]) == 1
    (tmp_path / "metric_vectors.json").write_text(json.dumps({"sov": WORKED["sov"]}))
    assert main([str(tmp_path), *out, "--strict"]) == 0


def test_figures_of_another_size_are_held_against_nothing_published(
    shared_data: Path, tmp_path: Path
) -> None:
    (tmp_path / "marketing").mkdir()
    for name, changed in (("uci_facebook_posts.csv", ";2752;"), ("geolift_test.csv", ",3300,")):
        text = (shared_data / "data" / "marketing" / name).read_text()
        assert changed in text
        digits = changed[1:-1]
        other = text.replace(changed, changed.replace(digits, str(int(digits) + 1)), 1)
        (tmp_path / "marketing" / name).write_text(other)
    shares = [row for row in expectation.rows(tmp_path) if "median share" in row.name]
    assert {row.target for row in shares} == {None}
    assert not any("published" in row.name for row in geolift.rows(tmp_path))


def test_the_published_figures(shared_data: Path) -> None:
    found = [*paths.rows(shared_data / "data"), *geolift.rows(shared_data / "data")]
    assert [row for row in found if row.meets is False] == []
    assert sum(row.meets is True for row in found) > 50
