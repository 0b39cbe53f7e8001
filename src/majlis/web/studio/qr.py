"""QR codes as SVG, for paper: black on white in any theme, with the quiet zone that scanners need (ISO/IEC 18004)."""

from __future__ import annotations

from functools import lru_cache

_BORDER = 4


@lru_cache(256)
def svg(text: str) -> bytes:
    """The code of a text."""
    import qrcode  # type: ignore[import-untyped]  # noqa: PLC0415  # brings Pillow along; no start waits for it
    from qrcode.constants import ERROR_CORRECT_M  # type: ignore[import-untyped]  # noqa: PLC0415

    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=_BORDER)
    code.add_data(text)
    rows = code.get_matrix()
    dark = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, filled in enumerate(row) if filled
    )
    size = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size * 8}" height="{size * 8}"'
        f' shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{dark}"/></svg>'
    ).encode()
