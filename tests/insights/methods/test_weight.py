"""A server that computes nothing does not carry NumPy or SciPy for it."""

from __future__ import annotations

import pkgutil
import subprocess
import sys

from majlis.insights import methods


def test_formulas_are_light_until_they_are_used() -> None:
    names = [f"{methods.__name__}.{module.name}" for module in pkgutil.iter_modules(methods.__path__)]
    code = f"import importlib, sys\nfor name in {names!r}: importlib.import_module(name)\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert set(names) <= set(done.stdout.split())
    assert {"numpy", "scipy", "django"} & set(done.stdout.split()) == set()
