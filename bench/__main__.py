"""``make bench``: every benchmark, one table, and ``bench/results/*.json``.

Each figure stands beside the limit or the peer that was measured in the same run: machines are noisy, ratios less.
"""

from __future__ import annotations

import argparse
import sys

from bench import boot, clocks, cold, facts, home, inbox, links, pages, posting, promoted, search, visible
from bench.report import Figure, table, write

BENCHES = {
    "home": home.measure,
    "links": links.measure,
    "cold": cold.measure,
    "posting": posting.measure,
    "visible": visible.measure,
    "pages": pages.measure,
    "promoted": promoted.measure,
    "inbox": inbox.measure,
    "boot": boot.measure,
    "clocks": clocks.measure,
    "search": search.measure,
    "beacons": facts.beacons,
    "facts": facts.measure,
}


def main() -> int:
    """Run what was asked for (everything without names); 0 even when a target is missed: this reports."""
    parser = argparse.ArgumentParser(prog="make bench ARGS=…", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHES, []], help="which benchmarks")
    parser.add_argument("--quick", action="store_true", help="smaller sizes, for a look")
    given = parser.parse_args()
    figures: list[Figure] = []
    for name in given.names or BENCHES:
        figures += BENCHES[name](quick=given.quick)
        print(table(figures), file=sys.stderr, flush=True)
    write(figures)
    print(table(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
