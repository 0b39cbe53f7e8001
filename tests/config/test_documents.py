"""Documents that say what is so: settings, commands, links and targets are compared with the real ones."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from typer.main import get_command

from majlis.config.cli import app
from majlis.config.settings import Settings

ROOT = Path(__file__).parent.parent.parent
OPERATING = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def _shown(default: object) -> str:
    text = str(default).lower() if isinstance(default, bool) else str(default)
    return f"`{text}`" if text else "empty"


def test_every_setting_is_documented_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| (.+?) \|", OPERATING, re.MULTILINE))
    real = {about.variable: _shown(about.default) for about in Settings.described().values()}
    assert rows == real


def test_every_setting_has_a_description_for_the_table() -> None:
    assert [name for name, about in Settings.described().items() if not about.description] == []


def _commands() -> set[str]:
    found = set()
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        under = getattr(command, "commands", None)
        found |= {f"{name} {each}" for each in under} if under else {name}
    return found


def test_every_command_is_documented_and_no_other() -> None:
    assert set(re.findall(r"^\| `majlis ([a-z ]+)` \|", OPERATING, re.MULTILINE)) == _commands()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / unquote(link)).exists()] == []


def test_make_targets_that_are_mentioned_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    real = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    text = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    assert set(re.findall(r"`make ([a-z-]+)`", text)) | {"run", "test"} <= real
    called = set(
        re.findall(r"^for target in (.+); do$", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)[0].split()
    )
    assert called <= real


def test_no_document_names_a_machine() -> None:
    for document in DOCUMENTS:
        assert not re.search(r"/root/\.", document.read_text(encoding="utf-8")), document
