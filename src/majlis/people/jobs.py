"""Work of people that waits: looking whether a linked page links back."""

from __future__ import annotations
