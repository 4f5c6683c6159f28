"""Every page: no fault by axe, nothing from elsewhere, by keyboard, narrow, without script."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

import pytest

from tests.browser.reader import Reader
from tests.browser.site import AGENCY

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser

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
    "take a child off": ("/conferences/{meeting}/children/{child}/cancel", BUTTON),
    "how a child took part": ("/conferences/{meeting}/children/{child}/participation", BUTTON),
    "children to be told": ("/offers", "main a.govuk-button"),
    "offer": ("/offers?conference_ref={conference}", "main a[href$='/told']"),
    "interface for programs": ("/docs", "main a[href='/openapi.json']"),
    "feed": (f"/agencies/{AGENCY}/feed", "main pre"),
    "agencies": ("/agencies", "main li a"),
    "advocates": ("/advocates", "main th a"),
    "add an advocate": ("/people/new", BUTTON),
    "what an advocate can do": (
        "/advocates/new?advocate_ref={newcomer}",
        BUTTON,
    ),
    "diary": ("/advocates/{advocate}/diary", "main a.govuk-button"),
    "diary in a calendar": ("/advocates/{advocate}/calendar", BUTTON),
    "visit": ("/visits/{visit}", "main a[href$='/held']"),
    "record held": ("/visits/{visit}/held", BUTTON),
    "record agreed": ("/visits/{visit}/agreed", BUTTON),
    "record not possible": ("/visits/{visit}/not-possible", BUTTON),
    "record declined": ("/visits/{visit}/declined", BUTTON),
    "new view": (
        "/views/new?conference_ref={conference}&child_ref={child}",
        "main form > button[value=save]:last-of-type",
    ),
    "views of a child": ("/views?conference_ref={conference}", "main li a"),
    "view": ("/views/{view}", BUTTON),
    "shared view": ("/views/{shared_view}", "main a[href$='/read/chair']"),
    "withdrawal": ("/views/{view}/withdrawal", BUTTON),
    "words": ("/views/{shared_view}/read/chair", "a.govuk-back-link"),
}

every_page = pytest.mark.parametrize("name", PAGES)


@dataclass(frozen=True)
class Heard:
    """What a page says for itself."""

    heading: str
    headings: int
    title: str
    language: str
    main_action: bool


@dataclass(frozen=True)
class Seen:
    """A page as it was found, in a wide window and in a narrow one, with script and without."""

    faults: list[str]
    narrow_faults: list[str]
    overflow: int
    reached: bool
    complaints: list[str]
    elsewhere: list[str]
    heard: Heard
    plain: Heard


Look: TypeAlias = "Callable[[str], Seen]"


@pytest.fixture(scope="module")
def look(browser: Browser, site: Site) -> Look:
    """Open a page once, whatever is asked of it afterwards."""

    @cache
    def seen(name: str) -> Seen:
        path, action = PAGES[name][0].format(**vars(site)), PAGES[name][1]
        with Reader.without_script(browser, site) as reader:
            reader.open(path)
            plain, plain_elsewhere = _heard(reader, action), list(reader.elsewhere)
        with Reader.with_script(browser, site) as reader:
            reader.open(path)
            heard, faults, reached = _heard(reader, action), reader.faults(), reader.reaches(action)
            reader.narrow()
            return Seen(
                faults=faults,
                narrow_faults=reader.faults(),
                overflow=reader.overflow(),
                reached=reached,
                complaints=list(reader.complaints),
                elsewhere=[*plain_elsewhere, *reader.elsewhere],
                heard=heard,
                plain=plain,
            )

    return seen


def _heard(reader: Reader, action: str) -> Heard:
    page = reader.page
    return Heard(
        heading=page.locator("h1").first.inner_text(),
        headings=page.locator("h1").count(),
        title=page.title(),
        language=page.locator("html").get_attribute("lang") or "",
        main_action=page.locator(action).first.is_visible(),
    )


@every_page
def test_axe_finds_no_fault(name: str, look: Look) -> None:
    assert look(name).faults == []


@every_page
def test_axe_finds_no_fault_on_a_narrow_screen_and_nothing_sticks_out(
    name: str, look: Look
) -> None:
    assert look(name).narrow_faults == []
    assert look(name).overflow <= 0


@every_page
def test_the_browser_complains_of_nothing(name: str, look: Look) -> None:
    assert look(name).complaints == []


@every_page
def test_no_request_leaves_the_origin(name: str, look: Look) -> None:
    assert look(name).elsewhere == []


@every_page
def test_the_main_action_is_reached_by_keyboard(name: str, look: Look) -> None:
    assert look(name).heard.main_action
    assert look(name).reached


@every_page
def test_the_page_says_the_same_without_script(name: str, look: Look) -> None:
    assert look(name).plain == look(name).heard


@every_page
def test_the_page_has_one_heading_a_language_and_a_title_of_its_own(name: str, look: Look) -> None:
    heard = look(name).heard

    assert heard.headings == 1
    assert heard.language == "en"
    assert re.fullmatch(r".+ \S Alongside", heard.title)
