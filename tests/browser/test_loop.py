"""A browser's event loop is seen by tests of browsers only, whatever ran before in the same process."""

from __future__ import annotations

import asyncio
import os

import pytest
from playwright.sync_api import Browser

from cast import Member


@pytest.mark.browser
@pytest.mark.slow
def test_a_browser_has_a_loop_and_django_allows_it(chromium: Browser, alice: Member) -> None:
    assert asyncio._get_running_loop() is not None
    assert alice.user.email == "alice@example.org"
    context = chromium.new_context()
    assert context.new_page().evaluate("1 + 1") == 2
    context.close()


def test_everybody_else_has_none_and_may_run_his_own() -> None:
    async def answer() -> int:
        return 7

    assert asyncio.run(answer()) == 7
    assert "DJANGO_ALLOW_ASYNC_UNSAFE" not in os.environ


@pytest.mark.browser
@pytest.mark.slow
def test_the_browser_is_there_again(chromium: Browser) -> None:
    context = chromium.new_context()
    assert context.new_page().evaluate("2 + 2") == 4
    context.close()


def test_the_last_one_closes_it_without_seeing_it() -> None:
    with pytest.raises(RuntimeError):
        asyncio.get_running_loop()
