"""Reading the environment into a structure of settings, with a plain sentence for what cannot be used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import msgspec
from msgspec import Struct, inspect

Settings = TypeVar("Settings", bound=Struct)

_OWN_NAMES = {"database_url": "DATABASE_URL"}
"""Variables that are called what everybody calls them; the name with our prefix works too."""


class SettingsProblem(Exception):
    """A setting cannot be used. The message is one plain sentence per problem, for the operator."""


class About(NamedTuple):
    """One setting: its variable, its default, and what it means."""

    variable: str
    default: Any
    description: str


def _variables(name: str) -> list[str]:
    prefixed = f"MAJLIS_{name.upper()}"
    return [_OWN_NAMES[name], prefixed] if name in _OWN_NAMES else [prefixed]


def described(structure: type[Struct]) -> dict[str, About]:
    """Every field of a structure of settings."""
    about = {}
    for field in msgspec.structs.fields(structure):
        kind = inspect.type_info(field.type)
        words = (kind.extra_json_schema or {}) if isinstance(kind, inspect.Metadata) else {}
        about[field.name] = About(_variables(field.name)[0], field.default, words.get("description", ""))
    return about


def read(
    structure: type[Settings],
    environment: Mapping[str, str],
    checks: Mapping[str, Callable[[Any], Any]],
) -> Settings:
    """The settings that the environment gives; the rest have their defaults.

    Args:
        structure: A structure whose fields are the settings, each with a default.
        environment: Variables and their values.
        checks: What else a field's value must be: returns it in its one form, or raises ValueError with
            a part of a sentence.

    Raises:
        SettingsProblem: one sentence for each value that cannot be used.
    """
    values, problems = {}, []
    for field in msgspec.structs.fields(structure):
        variable = next((each for each in _variables(field.name) if each in environment), None)
        if variable is None:
            continue
        try:
            value = msgspec.convert(environment[variable], field.type, strict=False, dec_hook=_path)
            values[field.name] = checks[field.name](value) if field.name in checks else value
        except msgspec.ValidationError:
            problems.append((variable, _what_fits(inspect.type_info(field.type))))
        except ValueError as problem:
            problems.append((variable, str(problem)))
    if problems:
        lines = [f"The setting {variable} cannot be used: {why}." for variable, why in problems]
        raise SettingsProblem("\n".join(lines))
    return structure(**values)


def misspelt(
    structure: type[Struct], environment: Mapping[str, str], *, others: tuple[str, ...] = ()
) -> list[str]:
    """A sentence for each ``MAJLIS_*`` variable that no field of the structure reads; often a slip of the hand.

    Args:
        others: Beginnings of names that mean something elsewhere.
    """
    fields = msgspec.structs.fields(structure)
    known = [variable for field in fields for variable in _variables(field.name)]
    strange = [name for name in environment if name.startswith("MAJLIS_") and name not in known]
    return [_not_known(name, known) for name in sorted(strange) if not name.startswith(others or "?")]


def _not_known(name: str, known: list[str]) -> str:
    close = get_close_matches(name, known, n=1, cutoff=0.8)
    return f"There is no setting {name}." + (f" Is {close[0]} meant?" if close else "")


def _path(kind: type, value: object) -> Path:
    if kind is not Path:
        raise NotImplementedError(kind)  # how msgspec wants to be told: not a type of ours
    return Path(str(value))


def _what_fits(kind: inspect.Type) -> str:
    """What may stand in a setting of this kind, as a part of a sentence."""
    match kind:
        case inspect.Metadata():
            return _what_fits(kind.type)
        case inspect.IntType():
            return f"it is a whole number from {kind.ge} to {kind.le}"
        case inspect.BoolType():
            return "it is true or false"
        case inspect.LiteralType():
            return f"it is one of {', '.join(map(str, kind.values))}"
        case inspect.StrType(min_length=least) if least:
            return f"it has {least} to {kind.max_length} characters"
        case inspect.StrType():
            return f"it has at most {kind.max_length} characters"
        case _:
            return "it is something else"
