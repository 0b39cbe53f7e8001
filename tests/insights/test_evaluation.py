"""The table of figures: every worked number comes out, new parts are found, what is missing is left out and said."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import msgspec
import pytest

from majlis.insights import evaluation
from majlis.insights.evaluation import Row, geolift, paths, vectors
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


def test_the_published_figures(shared_data: Path) -> None:
    found = [*paths.rows(shared_data / "data"), *geolift.rows(shared_data / "data")]
    assert [row for row in found if row.meets is False] == []
    assert sum(row.meets is True for row in found) > 50
