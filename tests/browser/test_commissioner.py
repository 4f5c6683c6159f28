"""The commissioner's page, a month after the first children: no small number, no case."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.browser.reader import Reader
    from tests.browser.site import Site

pytestmark = pytest.mark.browser


def test_the_commissioners_page_shows_no_small_number_and_no_case(
    plain_reader: Reader, site: Site
) -> None:
    site.world.advance(datetime(2026, 12, 1, 9, tzinfo=UTC))
    page = plain_reader.open("/board/commissioner")
    shown = set(page.locator("main td").all_inner_texts())

    assert shown
    assert not shown & {"1", "2", "3", "4", "5"}
    assert "c" in shown
    assert page.locator("a[href^='/stories/']").count() == 0
