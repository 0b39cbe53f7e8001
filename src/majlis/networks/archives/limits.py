"""How much of an archive is taken before it counts as an attack or a mistake."""

from __future__ import annotations

from typing import Final

import msgspec

CHUNK: Final = 256 * 1024


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Caps on one archive. Sizes are in bytes; ratios are unpacked bytes per packed byte.

    Text packs 5 to 30 times and deflate cannot do more than 1,032 times (RFC 1951); the ratios apply
    from ``ratio_from`` bytes on, since a short file of blanks is no danger. Peak memory of the reading
    half is about 1 kB per file in the archive, ``item_bytes`` a few times over, and for an X archive
    ``long_text_bytes`` more; it does not grow with the number of posts but by the 100 bytes of an id.
    """

    total_bytes: int = 10 * 2**30
    entries: int = 200_000
    name_bytes: int = 1024
    member_ratio: int = 200
    total_ratio: int = 100
    ratio_from: int = 4 * 2**20
    item_bytes: int = 2**20
    part_bytes: int = 16 * 2**20
    long_text_bytes: int = 32 * 2**20
    media_bytes: int = 100 * 2**20


DEFAULT: Final = Limits()
