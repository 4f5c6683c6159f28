"""Somebody who reads the pages: what they see, and what their browser would complain about."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.machine import AXE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Page, Request

    from tests.browser.site import Site

STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MOST_TABS = 120
PATIENCE_MS = 45_000

# A stream that is open never lets the network come to rest, so pages are ready when names are in.
NAMES_ARE_IN = """() =>
    !document.querySelector('[data-hx-get*="/v1/fragments/"] a[href^="/children"]')
    && !document.querySelector('.htmx-request:not(.alongside-live)')"""


@dataclass
class Reader:
    """One browser window on one installation."""

    page: Page
    site: Site
    script: bool
    complaints: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    @classmethod
    @contextmanager
    def with_script(cls, browser: Browser, site: Site) -> Iterator[Reader]:
        """Open a window in which scripts run."""
        with cls._window(browser, site, script=True) as reader:
            yield reader

    @classmethod
    @contextmanager
    def without_script(cls, browser: Browser, site: Site) -> Iterator[Reader]:
        """Open a window in which no script runs."""
        with cls._window(browser, site, script=False) as reader:
            yield reader

    @classmethod
    @contextmanager
    def _window(cls, browser: Browser, site: Site, *, script: bool) -> Iterator[Reader]:
        context = browser.new_context(
            java_script_enabled=script, locale="en-GB", timezone_id="Europe/London"
        )
        context.set_default_timeout(PATIENCE_MS)
        reader = cls(context.new_page(), site, script)
        reader.page.on("console", reader._hear)
        reader.page.on("pageerror", lambda error: reader.complaints.append(str(error)))
        reader.page.on("request", reader._watch)
        yield reader
        context.close()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((self.site.url, "data:", "about:")):
            self.elsewhere.append(request.url)

    def open(self, path: str) -> Page:
        """Go to a page and wait until it is complete, names included."""
        answer = self.page.goto(self.site.ask(path), wait_until="load")
        assert answer is not None
        assert answer.status == 200, (path, answer.status)
        self.settled()
        return self.page

    def settled(self) -> None:
        """Wait until what the page fetches by itself is there."""
        if self.script:
            self.page.wait_for_function(NAMES_ARE_IN)

    def mistakes(self) -> list[str]:
        """Wait for the list of what is wrong with a form, and return its lines."""
        self.page.wait_for_selector(".govuk-error-summary")
        return self.page.locator(".govuk-error-summary li").all_inner_texts()

    def faults(self) -> list[str]:
        """Return what axe finds against WCAG 2.2 AA, as `rule: element`."""
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found: dict[str, Any] = self.page.evaluate(
            "standard => axe.run(document, {runOnly: {type: 'tag', values: standard}})", STANDARD
        )
        return [
            f"{rule['id']}: {node['html'][:160]}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]

    def reaches(self, action: str) -> bool:
        """Say whether the keyboard alone comes to this element, seen while it has the focus."""
        self.page.locator("body").focus()
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if self.page.locator(f"{action}:focus-visible").count():
                return True
        return False

    def narrow(self) -> None:
        """Make the window as narrow as a telephone, seen from the top and with nothing in focus."""
        self.page.set_viewport_size({"width": 320, "height": 640})
        self.page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than its window."""
        wide: int = self.page.evaluate(
            "() => document.scrollingElement.scrollWidth - document.documentElement.clientWidth"
        )
        return wide
