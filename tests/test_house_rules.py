"""Rules that hold for every file of the product, each with the reason in its message.

One door for requests to outside, one sanitiser, one reader of JSON, few places that start programs:
a second one of any of these is where others leaked.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import pytest

SOURCE: Final = Path(__file__).parents[1] / "src" / "majlis"


@dataclass(frozen=True)
class Rule:
    """Names (modules, or attributes by their full name) that only some places may use, and why."""

    names: frozenset[str]
    homes: tuple[str, ...]
    kind_word: str
    unless_literal: frozenset[str] = frozenset()  # may be called on what stands in the source, word for word

    def allows(self, path: str) -> bool:
        return path.startswith(self.homes)


RULES: Final = {
    "requests": Rule(
        frozenset(
            {"httpx2", "httpx", "httpcore2", "httpcore", "requests", "urllib3", "aiohttp", "pycurl"}
            | {"urllib.request", "http.client", "ftplib", "smtplib", "xmlrpc", "telnetlib"}
        ),
        ("core/http/",),
        "Please ask through majlis.core.http: it looks where a name leads before it connects, and stops "
        "answers that are too large or too slow. (Mail goes out through Django's mail.)",
    ),
    "names": Rule(
        frozenset({"dns"}),
        ("core/dns.py",),
        "Please ask names through majlis.core.dns: it has one patience and one name server, by a setting.",
    ),
    "sanitiser": Rule(
        frozenset(
            {"nh3", "bleach", "html_sanitizer", "lxml.html.clean"}
            | {"django.utils.html.html_safe", "markupsafe"}
        ),
        ("core/text/html.py",),
        "Please let majlis.core.text.html make or pass the HTML (post_html, article_html, sanitise, "
        "link_html, stored_html): it is the one place that may say that HTML is safe. For a few tags "
        "around values, django.utils.html.format_html escapes them for you.",
        frozenset({"django.utils.safestring.mark_safe", "django.utils.safestring.SafeString()"}),
    ),
    "json": Rule(
        frozenset(
            {"json.loads", "json.load", "json.JSONDecoder", "msgspec.json.decode", "msgspec.json.Decoder"}
            | {"orjson", "ujson", "simplejson", "rapidjson"}
        ),
        ("core/json.py",),
        "Please read JSON with majlis.core.json: decode for what came from outside (it refuses what "
        "readers disagree on), decode_own and own_reader for what this house wrote.",
    ),
    "programs": Rule(
        frozenset({"subprocess", "os.system", "os.popen", "os.execv", "os.execvp", "os.spawnv", "pty"}),
        ("core/postgres", "media/", "config/"),
        "Please start programs only from core/postgres, media or config, where their arguments, limits "
        "and accounts are looked after.",
    ),
    "evaluation": Rule(
        frozenset({"pickle", "marshal", "shelve", "builtins.eval", "builtins.exec"}),
        (),
        "Please find another way: whoever can write what is read by this can run code here.",
    ),
}
# Files that broke a rule when it came. Nothing is added here; who mends one takes it out.
NOT_YET: Final[dict[str, frozenset[str]]] = {
    "json": frozenset(
        {
            "config/commands/archive.py",
            "core/changes.py",
            "core/jobs/claims.py",
            "core/jobs/queries.py",
            "media/queries.py",
            "media/bounded.py",
            "media/child.py",  # stays: the process that decodes pictures must not load the house
            "people/queries/profiles.py",
            "people/queries/relationships.py",
            "posts/actions/drafts.py",
            "posts/queries.py",
        }
    ),
    "sanitiser": frozenset({"web/gallery/parts.py", "web/gallery/posts.py", "web/templatetags/majlis.py"}),
}
TEMPLATE_RULES: Final = {
    r"\|\s*(?:safe|safeseq)\b": "Please pass SafeString from majlis.core.text.html instead of marking here.",
    r"\{%\s*autoescape\s+off": "Please leave escaping on; what majlis.core.text.html made stays as it is.",
}


def used_names(tree: ast.AST) -> Iterator[tuple[int, str, bool]]:
    """Every module, dotted name and call (ending in "()") of the file, in full.

    With its line, and whether it is harmless where it stands: an import, or a call on string literals.
    """
    full: dict[str, str] = {name: f"builtins.{name}" for name in ("eval", "exec")}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for name, local, meant in _imported(node):
                full[local] = meant
                yield node.lineno, name, True
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    literal = {id(call.func) for call in calls if _only_literals(call)}
    called = [(call.func, "()") for call in calls]
    for node, suffix in [*called, *((node, "") for node in ast.walk(tree) if isinstance(node, ast.expr))]:
        first, dot, rest = (_dotted(node) or "").partition(".")
        if first in full:
            yield node.lineno, f"{full[first]}{dot}{rest}{suffix}", id(node) in literal


@cache
def _used_in(source: str) -> list[tuple[int, str, bool]]:
    """Each file is taken apart once, however many rules look at it."""
    return list(used_names(ast.parse(source)))


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str, str]]:
    """What an import names, how it is called here, and what that means in full."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            first = alias.name.partition(".")[0]
            yield alias.name, alias.asname or first, alias.name if alias.asname else first
    elif node.module and not node.level:
        for alias in node.names:
            name = f"{node.module}.{alias.name}"
            yield name, alias.asname or alias.name, name


def _only_literals(call: ast.Call) -> bool:
    return not call.keywords and all(
        isinstance(argument, ast.Constant) and isinstance(argument.value, str) for argument in call.args
    )


def _dotted(node: ast.expr) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (before := _dotted(node.value)):
        return f"{before}.{node.attr}"
    return None


def broken(rule: Rule, path: str, source: str) -> list[str]:
    """Where the file breaks the rule: "path:line uses name"."""
    if rule.allows(path):
        return []
    found = set()
    for line, used, harmless in _used_in(source):
        if any(used == name or used.startswith(f"{name}.") for name in rule.names):
            found.add(f"{path}:{line} uses {used}")
        elif used in rule.unless_literal and not harmless:
            found.add(f"{path}:{line} uses {used} on what is not written there")
    return sorted(found)


def python_files() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


@pytest.mark.parametrize("name", RULES)
def test_the_rule_is_kept_everywhere(name: str) -> None:
    rule = RULES[name]
    found = [
        place
        for path in python_files()
        for place in broken(rule, path.relative_to(SOURCE).as_posix(), path.read_text("utf-8"))
        if path.relative_to(SOURCE).as_posix() not in NOT_YET.get(name, ())
    ]
    assert not found, "\n".join([rule.kind_word, *found])


def test_the_list_of_exceptions_only_shrinks() -> None:
    for name, paths in NOT_YET.items():
        for path in sorted(path for path in paths if (SOURCE / path).exists()):
            assert broken(RULES[name], path, (SOURCE / path).read_text("utf-8")), (
                f"{path} keeps the rule on {name} now, thank you: please take it out of NOT_YET."
            )


@pytest.mark.parametrize("pattern", TEMPLATE_RULES)
def test_templates_mark_nothing_as_safe(pattern: str) -> None:
    found = [
        f"{path.relative_to(SOURCE)}:{number}"
        for path in sorted([*SOURCE.rglob("*.html"), *SOURCE.rglob("*.txt"), *SOURCE.rglob("*.xml")])
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if re.search(pattern, line)
    ]
    assert not found, "\n".join([TEMPLATE_RULES[pattern], *found])


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        ("requests", "import httpx2"),
        ("requests", "import httpx2._client as c"),
        ("requests", "from urllib import request"),
        ("requests", "from urllib.request import urlopen as fetch"),
        ("requests", "import urllib.request"),
        ("requests", "from http import client"),
        ("requests", "def f():\n    import requests"),
        ("names", "import dns.resolver"),
        ("sanitiser", "from nh3 import clean"),
        ("sanitiser", "from django.utils.safestring import mark_safe\nmark_safe(f'<b>{x}</b>')"),
        ("sanitiser", "from django.utils.safestring import mark_safe\nmap(mark_safe, names)"),
        ("sanitiser", "from django.utils.safestring import SafeString\nSafeString(text)"),
        ("sanitiser", "from django.utils import safestring\nsafestring.mark_safe(x)"),
        ("sanitiser", "import django.utils.safestring as s\ns.SafeString(x)"),
        ("json", "import json\njson.loads(b'1')"),
        ("json", "import json as j\nj.load(f)"),
        ("json", "from json import loads"),
        ("json", "import msgspec\nmsgspec.json.decode(b'1')"),
        ("json", "from msgspec import json\njson.decode(b'1')"),
        ("json", "from msgspec.json import Decoder"),
        ("programs", "import subprocess"),
        ("programs", "import os\nos.system('x')"),
        ("programs", "from os import popen"),
        ("evaluation", "import pickle"),
        ("evaluation", "eval('1')"),
    ],
)
def test_each_rule_can_be_broken(rule: str, source: str) -> None:
    assert broken(RULES[rule], "posts/actions.py", source)
    for home in RULES[rule].homes:
        assert not broken(RULES[rule], f"{home}x.py" if home.endswith("/") else home, source)


@pytest.mark.parametrize(
    "source",
    [
        "import json\njson.dumps(1)",
        "import msgspec\nmsgspec.json.encode(1)",
        "from urllib.parse import urlsplit",
        "from http import HTTPStatus",
        "from majlis.core import json\njson.decode(b'1')",
        "import os\nos.environ",
        "import urllib",
        "from django.utils.safestring import SafeString\ndef f() -> SafeString: ...",
        "from django.utils.safestring import SafeString, mark_safe\nSafeString('')\nmark_safe('<br>')",
    ],
)
def test_what_is_allowed_is_allowed(source: str) -> None:
    assert not [place for rule in RULES.values() for place in broken(rule, "posts/actions.py", source)]


def test_there_is_something_to_look_at() -> None:
    assert len(python_files()) > 20
