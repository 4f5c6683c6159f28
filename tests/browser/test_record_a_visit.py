"""An advocate records what happened with a visit, from the diary and back to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.reader import Reader
    from tests.browser.site import Site

pytestmark = pytest.mark.browser


@pytest.fixture(params=["with script", "without script"])
def somebody(request: pytest.FixtureRequest, reader: Reader, plain_reader: Reader) -> Reader:
    return reader if request.param == "with script" else plain_reader


def diary(somebody: Reader, site: Site) -> Page:
    return somebody.open(f"/advocates/{site.advocate}/diary")


def test_late_visits_come_first_and_say_so_in_a_word(somebody: Reader, site: Site) -> None:
    page = diary(somebody, site)
    headings = page.locator("main h2.govuk-heading-m").all_inner_texts()

    assert headings[0].startswith("Late: ")
    assert page.locator("main li").first.locator(".govuk-tag").inner_text() == "Late"


def test_the_name_of_a_child_is_fetched_by_the_readers_own_browser(
    reader: Reader, plain_reader: Reader, site: Site
) -> None:
    path = f"/visits/{site.visit}"

    assert "Robin Synthetic" not in reader.page.request.get(site.ask(path)).text()
    assert "Robin Synthetic" in reader.open(path).locator("main").inner_text()
    page = plain_reader.open(path)
    page.click("main .alongside-child a")
    assert page.locator("h1").inner_text() == "Robin Synthetic"


def test_a_visit_is_recorded_as_held_with_its_date_filled_in(somebody: Reader, site: Site) -> None:
    page = diary(somebody, site)
    late = int(page.locator("main h2.govuk-heading-m").first.inner_text().split()[1])
    another = page.locator(f"a[href*='{site.first_meeting}']")
    cards = page.locator("main li", has_text="First meeting with the child")
    card = cards.filter(has_not=another).last
    card.get_by_role("button", name="It took place").click()
    assert page.input_value("#at-day") == "26"
    page.click("main form button")
    assert somebody.mistakes() == [
        "The time is missing",
        "Choose whether the child was seen alone",
    ]
    page.fill("[name=at-time]", "9.30am")
    page.check("[name=seen_alone][value=yes]")
    page.click("main form button")
    page.wait_for_url("**/diary?done=held")

    assert "recorded as held" in page.locator("[role=alert]").inner_text()
    assert (
        page.locator("main h2.govuk-heading-m").first.inner_text().startswith(f"Late: {late - 1} ")
    )


def test_a_visit_that_was_not_possible_needs_its_reason(somebody: Reader, site: Site) -> None:
    page = diary(somebody, site)
    page.get_by_role("button", name="Not possible").first.click()
    page.click("main form button")
    assert somebody.mistakes() == ["Choose what stood in the way"]
    page.check("[name=reason][value=child-ill]")
    page.click("main form button")
    page.wait_for_url("**/diary?done=not-possible")

    site.world.settle()
    assert site.world.events("visit.not-possible")[-1].data.reason == "child-ill"


def test_what_the_rules_say_against_it_stands_on_the_form(somebody: Reader, site: Site) -> None:
    page = somebody.open(f"/visits/{site.visit}/agreed")
    for part, text in (("day", "1"), ("month", "11"), ("year", "2026")):
        page.fill(f"#at-{part}", text)
    page.fill("[name=at-time]", "10am")
    page.click("main form button")

    assert somebody.mistakes() == ["A visit is agreed for a time to come; record it as held."]
    assert page.input_value("#at-day") == "1"


def test_a_visit_that_was_missed_is_made_good_from_the_diary(somebody: Reader, site: Site) -> None:
    page = somebody.open(f"/visits/{site.first_meeting}/missed")
    page.check("[name=reason][value=not-at-home]")
    page.click("main form button")
    page.wait_for_url("**/diary?done=missed")
    section = page.locator("h2", has_text="Did not take place")
    assert section.inner_text() == "Did not take place: 1 visit"
    page.locator("h2:has-text('Did not take place') ~ ul").first.get_by_role(
        "button", name="Agree a time"
    ).click()
    page.wait_for_url(f"**/visits/{site.first_meeting}/agreed")
