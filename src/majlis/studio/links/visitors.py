"""People in front of browsers, and programs that look at what is behind an address."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

# What fetches a preview, watches a page or reads the web names itself; browsers begin with "Mozilla/5.0" and
# in-app browsers of networks are browsers (their words stand after it). A name is no proof: what hides as a
# browser is counted, which is why a repeated visit and too many from one address are not.
_PROGRAM: Final = re.compile(
    r"bot\b|bot[/;)]|crawl|spider|slurp|archiv|preview|fetcher|scan|monitor|uptime|pingdom|check_http|validator"
    r"|facebookexternalhit|facebookcatalog|meta-external|skypeuripreview|bitlybot|embedly|iframely|vkshare|pinterest/0"
    r"|feed|rss|headless|phantom|lighthouse|pagespeed|gtmetrix|prerender|mastodon/|pleroma|akkoma|misskey|friendica"
    r"|lemmy|gotosocial|majlis|python|aiohttp|httpx|curl|wget|libwww|java/|okhttp|go-http|node|axios|guzzle|php"
    r"|ruby|perl|scrapy|postman|insomnia",
    re.IGNORECASE,
)


@lru_cache(10_000)
def is_program(agent: str) -> bool:
    """Whether whoever calls itself this is no browser in front of a person."""
    return not agent.startswith(("Mozilla/", "Opera/")) or bool(_PROGRAM.search(agent))
