"""The board renews itself where scripts run, and by a link where they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Route

    from tests.browser.reader import Reader
    from tests.browser.site import Site

pytestmark = pytest.mark.browser


def offers(reader: Reader) -> str:
    return reader.page.locator("section[aria-labelledby=offers] p").first.inner_text()


def test_a_conference_posted_elsewhere_is_on_the_board_without_a_reload(
    reader: Reader, site: Site
) -> None:
    page = reader.open("/board")
    page.evaluate("() => { window.sameDocument = true; }")
    before = offers(reader)
    site.schedule("L1", 6, "Lou")
    page.wait_for_function(
        "before => document.querySelector('section[aria-labelledby=offers] p').innerText != before",
        arg=before,
    )

    assert page.evaluate("() => window.sameDocument")
    assert reader.faults() == []
    assert reader.complaints == []


def test_the_board_is_live_where_a_part_of_its_script_comes_late(
    reader: Reader, site: Site
) -> None:
    page = reader.page
    held_back: list[Route] = []
    page.route("**/hx-sse*", lambda route: held_back.append(route))  # noqa: PLW0108 -- playwright asks for a function
    page.goto(f"{site.url}/board", wait_until="commit")
    page.wait_for_function("() => window.htmx")
    page.evaluate("() => new Promise(done => setTimeout(done))")
    held_back[0].continue_()
    before = offers(reader)
    site.schedule("L5", 6, "Lou")

    page.wait_for_function(
        "before => document.querySelector('section[aria-labelledby=offers] p').innerText != before",
        arg=before,
    )


def test_the_last_of_many_changes_is_shown(reader: Reader, site: Site) -> None:
    reader.open("/board")
    for number in range(4):
        site.schedule(f"L2{number}", 6, "Lou")
    made = len(site.world.events("offer.made"))

    reader.page.wait_for_selector(f"text=of {made} offers were taken up")


def test_the_keyboard_stays_where_it_was_when_the_board_renews_itself(
    reader: Reader, site: Site
) -> None:
    page = reader.open("/board")
    page.focus("main tbody a")
    focused = page.evaluate("() => document.activeElement.getAttribute('href')")
    before = offers(reader)
    site.schedule("L3", 12, "Lou")
    page.wait_for_function(
        "before => document.querySelector('section[aria-labelledby=offers] p').innerText != before",
        arg=before,
    )

    assert page.evaluate("() => document.activeElement.getAttribute('href')") == focused


def test_what_is_late_is_told_politely_to_those_who_hear_the_page(reader: Reader) -> None:
    said = reader.open("/board").locator("#said[aria-live=polite]").inner_text()

    assert said.startswith("Late: ")


def test_without_script_a_link_renews_the_board(plain_reader: Reader, site: Site) -> None:
    page = plain_reader.open("/board")
    before = offers(plain_reader)
    site.schedule("L4", 6, "Lou")
    with page.expect_navigation():
        page.click("text=Refresh")

    assert offers(plain_reader) != before


def test_no_name_stands_on_a_board(reader: Reader) -> None:
    assert "Synthetic" not in reader.open("/board").content()
