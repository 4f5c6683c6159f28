"""One real Chromium and one seeded installation for each file of tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.reader import Reader
from tests.browser.site import seeded, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.browser.site import Site

QUIET = (
    # Chromium has no sandbox of its own for root, and is not to talk to anybody but the page.
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
    "--disable-gpu",
    "--disable-dev-shm-usage",
)


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    """A browser; it lives for one file, for its loop would be in the way of other tests' loops."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(chromium), args=list(QUIET))
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(seeded(tmp_path_factory.mktemp("site") / "data")) as running:
        yield running


@pytest.fixture
def reader(browser: Browser, site: Site) -> Iterator[Reader]:
    """Somebody with JavaScript."""
    with Reader.with_script(browser, site) as somebody:
        yield somebody


@pytest.fixture
def plain_reader(browser: Browser, site: Site) -> Iterator[Reader]:
    """Somebody without JavaScript."""
    with Reader.without_script(browser, site) as somebody:
        yield somebody
