"""A conference is scheduled, moved and put right by people, with script and without."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.browser.site import AUTHORITY

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.reader import Reader
    from tests.browser.site import Site

pytestmark = pytest.mark.browser

SCHEDULE = "main form > button[value=schedule]:last-of-type"


@pytest.fixture(params=["with script", "without script"])
def somebody(request: pytest.FixtureRequest, reader: Reader, plain_reader: Reader) -> Reader:
    return reader if request.param == "with script" else plain_reader


def fill_meeting(page: Page, number: str, year: str = "2026") -> None:
    page.fill("#conference_id", number)
    page.fill("#authority", AUTHORITY)
    page.check("[name=kind][value=review]")
    fill_date(page, "starts_at", ("14", "12", year))
    page.fill("[name=starts_at-time]", "2.30pm")


def fill_child(page: Page, number: int, name: str, la_child_id: str) -> None:
    page.fill(f"#child-{number}-given_name", name)
    page.fill(f"#child-{number}-family_name", "Synthetic")
    fill_date(page, f"child-{number}-date_of_birth", ("1", "4", "2016"))
    page.fill(f"#child-{number}-la_child_id", la_child_id)


def fill_date(page: Page, name: str, date: tuple[str, str, str]) -> None:
    for part, text in zip(("day", "month", "year"), date, strict=True):
        page.fill(f"#{name}-{part}", text)


def test_a_conference_about_two_children_is_scheduled_and_each_has_an_offer(
    somebody: Reader, site: Site
) -> None:
    number = f"B1{somebody.script}"
    page = somebody.open("/conferences/new")
    fill_meeting(page, number)
    fill_child(page, 1, "Sam", f"{number}1")
    page.fill("#child-1-social_worker_name", "Worker Synthetic")
    page.click("text=Add another child")
    assert page.input_value("#conference_id") == number
    assert page.input_value("#child-2-family_name") == "Synthetic"
    assert page.input_value("#child-2-social_worker_name") == "Worker Synthetic"
    fill_child(page, 2, "Jo", f"{number}2")
    page.click(SCHEDULE)
    page.wait_for_url("**/conferences/*-*")

    assert page.locator("h1").inner_text() == "Monday 14 December 2026, 2:30pm"
    assert "The conference is scheduled" in page.locator("[role=alert]").inner_text()
    assert page.locator("h2:has-text('2 children')").count() == 1
    site.world.settle()
    meeting_ref = re.findall(r"conferences/([0-9a-f-]{36})", page.url)[0]
    offers = [o.data for o in site.world.events("offer.made")]
    assert sum(str(offer.meeting_ref) == meeting_ref for offer in offers) == 2


def test_what_is_wrong_is_listed_first_and_leads_to_its_field(somebody: Reader) -> None:
    page = somebody.open("/conferences/new")
    fill_meeting(page, "B2")
    fill_date(page, "starts_at", ("31", "2", "2026"))
    fill_child(page, 1, "Sam", "B2")
    page.fill("#child-1-social_worker_email", "nobody")
    page.click(SCHEDULE)

    assert somebody.mistakes() == [
        "The day of the conference must be a real date",
        "E-mail of the social worker of child 1 must be an e-mail address, like name@example.org",
    ]
    for place in page.locator(".govuk-error-summary a").all():
        target = place.get_attribute("href") or "#"
        assert page.locator(f"input[id='{target[1:]}']").count() == 1
    assert page.title().startswith("Error: ")
    assert page.input_value("#child-1-given_name") == "Sam"


def test_the_list_of_what_is_wrong_has_the_focus_and_no_fault(reader: Reader) -> None:
    page = reader.open("/conferences/new")
    page.click(SCHEDULE)

    assert reader.mistakes()
    assert page.evaluate("document.activeElement.className").startswith("govuk-error-summary")
    assert reader.faults() == []


def test_the_enter_key_schedules_and_adds_no_child(somebody: Reader) -> None:
    page = somebody.open("/conferences/new")
    page.press("#conference_id", "Enter")

    assert somebody.mistakes()
    assert page.locator("fieldset h2").count() == 1


def test_a_child_is_taken_away_and_the_others_keep_what_was_entered(somebody: Reader) -> None:
    page = somebody.open("/conferences/new")
    fill_child(page, 1, "Sam", "B41")
    page.click("text=Add another child")
    fill_child(page, 2, "Jo", "B42")
    page.click("text=Remove child 1")
    page.wait_for_selector("#child-1", state="detached")

    assert page.locator("fieldset h2").all_inner_texts() == ["Child 1"]
    assert page.input_value("#child-2-given_name") == "Jo"


def test_a_conference_of_last_month_is_taken_only_when_it_is_said_to_be_late(
    somebody: Reader,
) -> None:
    page = somebody.open("/conferences/new")
    fill_meeting(page, f"B5{somebody.script}", year="2025")
    fill_child(page, 1, "Sam", f"B5{somebody.script}")
    page.click(SCHEDULE)
    assert "is over" in somebody.mistakes()[0]
    page.check("[name=late_entry]")
    page.click(SCHEDULE)
    page.wait_for_url("**/conferences/*-*")

    assert page.locator("h1").inner_text() == "Sunday 14 December 2025, 2:30pm"


def test_sending_the_form_twice_schedules_once(reader: Reader, site: Site) -> None:
    page = reader.open("/conferences/new")
    fill_meeting(page, "B6")
    fill_child(page, 1, "Sam", "B6")
    sent = page.evaluate(
        "() => new URLSearchParams(new FormData(document.querySelector('main form'))).toString()"
    )
    site.world.settle()
    before = len(site.world.events("meeting.arranged"))
    places = [_send(page, site.ask("/conferences/new"), f"{sent}&do=schedule") for _ in range(2)]
    site.world.settle()

    assert places[0] == places[1]
    assert len(site.world.events("meeting.arranged")) == before + 1


def _send(page: Page, address: str, form: str) -> str:
    answer = page.request.post(
        address,
        data=form,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        max_redirects=0,
    )
    assert answer.status == 303
    return answer.headers["location"]


def test_a_conference_gets_another_time(somebody: Reader, site: Site) -> None:
    page = somebody.open(f"/conferences/{site.meeting}")
    page.click("text=Give the conference another time")
    fill_date(page, "starts_at", ("7", "12", "2026"))
    page.fill("[name=starts_at-time]", "9am" if somebody.script else "9:15")
    page.click("main form button")
    page.wait_for_url("**/conferences/*done=reschedule")

    time = "9am" if somebody.script else "9:15am"
    assert page.locator("h1").inner_text() == f"Monday 7 December 2026, {time}"


def test_a_conference_is_cancelled_with_its_reason(somebody: Reader, site: Site) -> None:
    number = f"B7{somebody.script}"
    meeting = site.schedule(number, 20, "Max")["meeting_ref"]
    page = somebody.open(f"/conferences/{meeting}/cancel")
    page.click("main form button")
    assert somebody.mistakes() == ["Choose why it is cancelled"]
    page.check("[name=reason][value=not-needed]")
    page.click("main form button")
    page.wait_for_url("**/conferences/*done=cancel")

    assert "Cancelled: it is not needed any more" in page.locator("dl").inner_text()
    assert page.locator("text=Give the conference another time").count() == 0


def test_a_held_conference_says_how_each_child_took_part(somebody: Reader, site: Site) -> None:
    number = f"B8{somebody.script}"
    taken = site.schedule(number, 3, "Ash", "Bo")
    page = somebody.open(f"/conferences/{taken['meeting_ref']}/held")
    somebody.settled()
    fill_date(page, "held_at", ("26", "11", "2026"))
    page.fill("[name=held_at-time]", "10am")
    first, second = (
        (box.get_attribute("name") or "").removesuffix("attendance")
        for box in page.locator("[name$=-attendance][value=in-person]").all()
    )
    page.check(f"[name={first}attendance][value=in-person]")
    page.check(f"[name={first}voice][value=self]")
    page.click("main form button")
    assert somebody.mistakes() == [
        "Choose whether an advocate was there for child 1",
        "Choose whether child 2 was there",
        "Choose how the conference heard what child 2 wanted to say",
        "Choose whether an advocate was there for child 2",
    ]
    for place in page.locator(".govuk-error-summary a").all():
        target = place.get_attribute("href") or "#"
        assert page.locator(f"input[id='{target[1:]}']").count() == 1
    page.check(f"[name={first}advocate_present][value=no]")
    page.check(f"[name={second}attendance][value=later]")
    page.click("main form button")
    page.wait_for_url("**/conferences/*done=held")

    said = "Was there; no advocate was there. How the child was heard: the child spoke."
    later = "How this child took part is not recorded yet."
    assert page.locator("section p").all_inner_texts() == [said, later]
    page.click("text=Record how this child took part")
    page.check("[name=attendance][value=did-not-attend]")
    page.check("[name=voice][value=letter]")
    page.check("[name=advocate_present][value=yes]")
    page.click("main form button")
    page.wait_for_url("**/conferences/*done=child-participation")

    assert page.locator("section p").all_inner_texts() == [
        said,
        "Was not there; an advocate was there. How the child was heard: in a letter.",
    ]
    page.locator("text=Correct how this child took part").last.click()
    page.wait_for_url("**/participation")
    assert page.is_checked("[name=attendance][value=did-not-attend]")


def test_on_a_telephone_a_list_shows_how_each_conference_stands(
    somebody: Reader, site: Site
) -> None:
    number = f"B9ANDLONG{somebody.script}"
    cancelled = site.schedule(number, 21, "Lou")["meeting_ref"]
    site.post(f"/v1/conferences/{cancelled}/cancel", {"reason": "not-needed"})
    page = somebody.open("/conferences")
    page.set_viewport_size({"width": 320, "height": 740})

    row = page.locator("tr").filter(has_text=number)
    for what in (number, "1 child", "Cancelled"):
        box = row.locator(f":text('{what}')").last.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 320, what
    assert somebody.overflow() <= 0


def test_on_paper_no_address_stands_in_the_text_and_no_way_to_another_page(
    somebody: Reader, site: Site
) -> None:
    page = somebody.open(f"/conferences/{site.meeting}")
    page.emulate_media(media="print")

    printed = "links => links.map(link => getComputedStyle(link, '::after').content)"
    assert set(page.locator("main a[href^='/']").evaluate_all(printed)) == {"none"}
    ways = page.locator("nav, .govuk-service-navigation, .govuk-back-link")
    assert ways.count() > 2
    assert not any(way.is_visible() for way in ways.all())
    assert page.locator("h1").is_visible()
