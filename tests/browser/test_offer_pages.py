"""Somebody records that a child was told, and what the child answered, from list and story."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.reader import Reader
    from tests.browser.site import Site

pytestmark = pytest.mark.browser

SAVE = "main form button[type=submit]"
FORMS = ("told", "understood", "yes", "no", "objection", "pause")


@pytest.fixture(params=["with script", "without script"])
def somebody(request: pytest.FixtureRequest, reader: Reader, plain_reader: Reader) -> Reader:
    return reader if request.param == "with script" else plain_reader


def new_child(site: Site, number: str) -> str:
    """Schedule the conference of one more child, and return its reference."""
    ref: str = site.schedule(number, 20, f"Ash{number}")["children"][0]["conference_ref"]
    return ref


def offer_page(somebody: Reader, conference: str) -> Page:
    return somebody.open(f"/offers?conference_ref={conference}")


def fault_free(reader: Reader) -> None:
    """Say what axe finds, wide and narrow, and whether anything sticks out."""
    assert reader.faults() == []
    reader.narrow()
    assert reader.faults() == []
    assert reader.overflow() <= 0


def test_axe_finds_no_fault_with_the_list_and_the_offer(reader: Reader, site: Site) -> None:
    for path in ("/offers", f"/offers?conference_ref={site.conference}"):
        reader.open(path)
        fault_free(reader)
    assert (reader.complaints, reader.elsewhere) == ([], [])


@pytest.mark.parametrize("record", FORMS)
def test_axe_finds_no_fault_with_a_form(reader: Reader, site: Site, record: str) -> None:
    offer_page(reader, site.conference)
    reader.page.click(f"main a[href$='/{record}']")
    reader.settled()
    fault_free(reader)
    assert (reader.complaints, reader.elsewhere) == ([], [])


def test_axe_finds_no_fault_with_mistakes_and_with_what_was_done(
    reader: Reader, site: Site
) -> None:
    page = offer_page(reader, new_child(site, "A1"))
    page.click("main a[href$='/no']")
    page.click(SAVE)
    assert reader.mistakes()[:2] == [
        "Choose who says so",
        "Choose whether they heard it from the child",
    ]
    fault_free(reader)
    page.check("[name=who][value=school]")
    page.check("[name=heard][value=no]")
    page.fill("[name=at-time]", "9am")
    page.click(SAVE)
    page.wait_for_url("**done=no")
    reader.settled()
    fault_free(reader)


def test_the_form_is_reached_and_sent_by_keyboard(reader: Reader, site: Site) -> None:
    page = offer_page(reader, new_child(site, "K1"))
    assert reader.reaches("main a[href$='/told']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/told")
    assert reader.reaches("[name=who]")
    page.keyboard.press("Space")
    assert reader.reaches("[name=at-time]")
    page.keyboard.type("9am")
    page.keyboard.press("Enter")
    page.wait_for_url("**done=told")
    assert "An adult says so: the social worker" in page.locator("main").inner_text()


def test_a_childs_name_is_fetched_by_the_readers_own_browser(reader: Reader, site: Site) -> None:
    for path in ("/offers", f"/offers?conference_ref={site.conference}"):
        assert "Robin Synthetic" not in reader.page.request.get(site.ask(path)).text()
        assert "Robin Synthetic" in reader.open(path).locator("main").inner_text()


def test_telling_is_recorded_from_the_list_and_the_child_is_gone_from_it(
    somebody: Reader, site: Site
) -> None:
    page = somebody.open("/offers")
    before = page.locator("main li").count()
    page.locator("main li").first.get_by_role("button", name="The child was told").click()
    page.check("[name=who][value=advocate]")
    page.fill("[name=at-time]", "9am")
    page.click(SAVE)
    page.wait_for_url("**done=told")
    assert "the child was told" in page.locator("[role=alert]").inner_text()
    site.world.settle()
    explained = {event.data.explained_by for event in site.world.events("offer.explained")}
    assert "advocate" in explained
    assert somebody.open("/offers").locator("main li").count() == before - 1


def test_a_no_heard_second_hand_says_what_follows(somebody: Reader, site: Site) -> None:
    number = "N1" if somebody.script else "N2"
    page = somebody.open(f"/stories/{new_child(site, number)}")
    page.click("main a[href^='/offers?conference_ref=']")
    page.click("main a[href$='/no']")
    page.check("[name=who][value=school]")
    page.check("[name=heard][value=no]")
    page.fill("[name=at-time]", "9am")
    page.click(SAVE)
    page.wait_for_url("**done=no")
    text = page.locator("main").inner_text()
    assert "It was not heard from the child" in text
    assert "By Thursday 3 December 2026, 5pm" in text
    assert "Somebody hears from the child whether it is a no, at the next contact." in text


def test_a_wrong_date_keeps_what_was_typed(somebody: Reader, site: Site) -> None:
    page = offer_page(somebody, site.conference)
    page.click("main a[href$='/told']")
    page.check("[name=who][value=school]")
    page.fill("#at-day", "31")
    page.fill("[name=at-time]", "10am")
    page.click(SAVE)
    assert somebody.mistakes() == ["The day the child was told must be a real date"]
    assert page.locator("[name=who]:checked").get_attribute("value") == "school"
    assert (page.input_value("#at-day"), page.input_value("#at-time")) == ("31", "10am")
    page.click(".govuk-error-summary a")
    assert page.evaluate("() => document.activeElement.id") == "at-day"


def test_a_form_sent_again_by_going_back_records_once(somebody: Reader, site: Site) -> None:
    conference = new_child(site, "T1" if somebody.script else "T2")
    page = offer_page(somebody, conference)
    page.click("main a[href$='/understood']")
    key = page.locator("[name=key]").get_attribute("value")
    page.click(SAVE)
    page.wait_for_url("**done=understood")
    page.go_back()
    page.locator("[name=key]").evaluate("(box, key) => { box.value = key; }", key)
    page.click(SAVE)
    page.wait_for_url("**done=understood")
    site.world.settle()
    said = site.world.events("offer.explained-confirmed")
    assert len([one for one in said if str(one.data.conference_ref) == conference]) == 1


def test_a_conference_nobody_knows_gets_a_page_that_says_so(somebody: Reader, site: Site) -> None:
    unknown = "/offers?conference_ref=c0ff0000-0000-4000-8000-00000000ffff"
    answer = somebody.page.goto(site.ask(unknown))
    assert answer is not None
    assert answer.status == 404
    assert somebody.page.locator("h1").inner_text() == "Page not found"
