"""The made-up people of the gallery, and pictures drawn on the spot."""

from __future__ import annotations

from types import SimpleNamespace as Thing
from urllib.parse import quote


def picture(hue: int, width: int = 1200, height: int = 900) -> str:
    """A quiet landscape as a data address: hills under a sun."""
    w, h = width, height
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}">'
        f'<rect width="{w}" height="{h}" fill="hsl({hue} 45% 84%)"/>'
        f'<circle cx="{w * 0.7}" cy="{h * 0.32}" r="{h * 0.13}" fill="hsl({hue + 25} 75% 68%)"/>'
        f'<path d="M0 {h * 0.62}Q{w * 0.3} {h * 0.4} {w * 0.62} {h * 0.62}T{w} {h * 0.55}V{h}H0z" '
        f'fill="hsl({hue - 12} 35% 58%)"/>'
        f'<path d="M0 {h * 0.8}Q{w * 0.4} {h * 0.6} {w} {h * 0.82}V{h}H0z" '
        f'fill="hsl({hue - 22} 38% 38%)"/></svg>'
    )
    return f"data:image/svg+xml,{quote(svg)}"


def _person(
    name: str, acct: str, *, hue: int | None = None, kind: str = "person", checked: bool = False
) -> Thing:
    image = picture(hue, 96, 96) if hue is not None else ""
    return Thing(
        display_name=name,
        handle=acct.split("@", maxsplit=1)[0],
        acct=acct,
        url=f"/@{acct}",
        avatar_url=image,
        avatar_static_url=image,
        kind=kind,
        is_verified=checked,
    )


ALICE = _person("Alice Haddad", "alice", hue=28)
BOB = _person("باسم المصري", "basim")
BAKERY = _person("بيت زيتون", "bayt_zaytoun", hue=95, kind="business", checked=True)
DANA = _person("Dana", "dana@social.example", hue=210)
LONG = _person(
    "Wilhelmina Featherstonehaugh-Cholmondeley of the Northern Reading Room",
    "wilhelmina.of.the.north@reading.example",
)
CAST = (ALICE, BOB, BAKERY, DANA, LONG)
