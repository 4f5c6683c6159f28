"""Every page: no fault by axe, nothing from elsewhere, by keyboard, narrow, without script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.browser.site import AGENCY

if TYPE_CHECKING:
    from tests.browser.reader import Reader
    from tests.browser.site import Site

pytestmark = pytest.mark.browser

BUTTON = "main button[type=submit]:not(.govuk-visually-hidden)"

# name of the page -> its path, filled in from the site's references, and its main action
PAGES = {
    "start": ("/", "main a.govuk-button"),
    "board": ("/board", "main a[href='/board']"),
    "commissioner": ("/board/commissioner", "main a[href*='year=']"),
    "story": ("/stories/{conference}", "main a[href^='/views/new']"),
    "conferences": ("/conferences", "main a.govuk-button"),
    "conferences that are over": ("/conferences?when=past", "main th a"),
    "schedule": ("/conferences/new", "main form > button[value=schedule]:last-of-type"),
    "conference": ("/conferences/{meeting}", "main nav a[href$='/reschedule']"),
    "reschedule": ("/conferences/{meeting}/reschedule", BUTTON),
    "adjourn": ("/conferences/{meeting}/adjourn", BUTTON),
    "cancel": ("/conferences/{meeting}/cancel", BUTTON),
    "held": ("/conferences/{meeting}/held", BUTTON),
    "child": ("/children/{child}", "main a[href^='/stories/']"),
    "feed": (f"/agencies/{AGENCY}/feed", "main pre"),
    "advocates": ("/advocates", "main th a"),
    "diary": ("/advocates/{advocate}/diary", "main a.govuk-button"),
    "visit": ("/visits/{visit}", "main a[href$='/held']"),
    "record held": ("/visits/{visit}/held", BUTTON),
    "record agreed": ("/visits/{visit}/agreed", BUTTON),
    "record not possible": ("/visits/{visit}/not-possible", BUTTON),
    "record declined": ("/visits/{visit}/declined", BUTTON),
    "new view": (
        "/views/new?conference_ref={conference}&child_ref={child}",
        "main form > button[value=save]:last-of-type",
    ),
    "view": ("/views/{view}", BUTTON),
    "shared view": ("/views/{shared_view}", "main a[href$='/read/chair']"),
    "withdrawal": ("/views/{view}/withdrawal", BUTTON),
    "words": ("/views/{shared_view}/read/chair", "a.govuk-back-link"),
}


def path_of(name: str, site: Site) -> str:
    return PAGES[name][0].format(**vars(site))


@pytest.mark.parametrize("name", PAGES)
def test_page_has_no_fault_and_asks_nobody_else(name: str, reader: Reader, site: Site) -> None:
    reader.open(path_of(name, site))

    assert reader.faults() == []
    assert reader.complaints == []
    assert reader.elsewhere == []


@pytest.mark.parametrize("name", PAGES)
def test_main_action_is_reached_by_keyboard_and_seen(name: str, reader: Reader, site: Site) -> None:
    page = reader.open(path_of(name, site))

    assert page.locator(PAGES[name][1]).first.is_visible()
    assert reader.reaches(PAGES[name][1])


@pytest.mark.parametrize("name", PAGES)
def test_page_says_the_same_without_script(
    name: str, reader: Reader, plain_reader: Reader, site: Site
) -> None:
    page = reader.open(path_of(name, site))
    plain = plain_reader.open(path_of(name, site))

    assert plain.locator("h1").inner_text() == page.locator("h1").inner_text()
    assert plain.title() == page.title()
    assert plain.locator(PAGES[name][1]).first.is_visible()
    assert plain_reader.elsewhere == []


@pytest.mark.parametrize("name", PAGES)
def test_page_fits_a_narrow_screen(name: str, reader: Reader, site: Site) -> None:
    reader.page.set_viewport_size({"width": 320, "height": 640})
    reader.open(path_of(name, site))

    assert reader.overflow() <= 0
    assert reader.faults() == []


@pytest.mark.parametrize("name", PAGES)
def test_page_has_one_heading_a_language_and_a_title_of_its_own(
    name: str, plain_reader: Reader, site: Site
) -> None:
    page = plain_reader.open(path_of(name, site))

    assert page.locator("h1").count() == 1
    assert page.locator("html[lang=en]").count() == 1
    assert re.fullmatch(r".+ \S Alongside", page.title())
