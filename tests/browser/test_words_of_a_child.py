"""A child's words: said who reads them first, for nobody unless ticked, and never where not."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from services.contracts.local_time import LONDON

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.reader import Reader
    from tests.browser.site import Site

pytestmark = pytest.mark.browser

SAVE = "main form > button[value=save]:last-of-type"
PRIVATE = "I am afraid of the synthetic dog next door"


@pytest.fixture(params=["with script", "without script"])
def somebody(request: pytest.FixtureRequest, reader: Reader, plain_reader: Reader) -> Reader:
    return reader if request.param == "with script" else plain_reader


def begin(somebody: Reader, site: Site, seat: dict[str, str] | None = None) -> Page:
    seat = seat or {"conference_ref": site.conference, "child_ref": site.child}
    page = somebody.open(f"/views/new?{urlencode(seat)}")
    page.check("[name=author][value=advocate]")
    page.check("[name=provenance][value=own-words]")
    page.check("[name=medium][value=spoken]")
    return page


def fill_when(page: Page) -> None:
    for part, text in (("day", "26"), ("month", "11"), ("year", "2026")):
        page.fill(f"#at-{part}", text)
    page.fill("[name=at-time]", "9am")
    page.check("[name=understood][value=yes]")


def test_before_the_first_field_the_page_says_who_reads_it_and_whom_to_ring(
    somebody: Reader, site: Site
) -> None:
    page = begin(somebody, site)
    text = page.locator("main").inner_text()
    before = text[: text.index("Who is writing this down?")]

    for promise in (
        "You choose who reads it",
        "It stays private",
        "Nobody is watching",
        "0800 1111",
    ):
        assert promise in before


def test_nothing_is_ticked_so_nobody_reads_it(somebody: Reader, site: Site) -> None:
    page = begin(somebody, site)
    assert page.locator("[type=checkbox]:checked").count() == 0
    page.fill("#statement-1-text", PRIVATE)
    page.click(SAVE)
    page.wait_for_url("**/views/*done=recorded")

    assert "nobody may read it" in page.locator("dl").inner_text()
    assert page.locator("text=Send it to the chair").count() == 0
    assert PRIVATE not in page.content()


def test_every_thing_that_was_written_is_kept(somebody: Reader, site: Site) -> None:
    page = begin(somebody, site)
    page.fill("#statement-1-text", PRIVATE)
    page.check("[name=statement-1-approved_for][value=chair]")
    for number in (2, 3):
        page.click("text=Say another thing")
        page.fill(f"#statement-{number}-text", f"Thing number {number}")
    page.click(SAVE)
    page.wait_for_url("**/views/*done=recorded")
    assert [title for title in page.locator("h2").all_inner_texts() if "Thing" in title] == [
        "Thing 1",
        "Thing 2",
        "Thing 3",
    ]
    page.click("text=Send it to the chair")
    page.wait_for_url("**/views/*done=share")
    page.click("text=Read what the child wants you to know")
    page.wait_for_url("**/read/chair")
    assert page.locator("blockquote").all_inner_texts() == [PRIVATE]


def test_only_the_statement_that_is_ticked_reaches_the_chair(somebody: Reader, site: Site) -> None:
    page = begin(somebody, site)
    page.fill("#statement-1-text", PRIVATE)
    page.click("text=Say another thing")
    assert page.input_value("#statement-1-text") == PRIVATE
    page.fill("#statement-2-text", "I want to come to the meeting")
    page.check("[name=statement-2-approved_for][value=chair]")
    page.click(SAVE)
    page.wait_for_url("**/views/*done=recorded")
    page.click("text=Send it to the chair")
    page.wait_for_url("**/views/*done=share")
    page.click("text=Read what the child wants you to know")
    page.wait_for_url("**/read/chair")

    assert page.locator("blockquote").all_inner_texts() == ["I want to come to the meeting"]
    assert "Not in front of parents" in page.locator("main").inner_text()
    assert PRIVATE not in page.content()


def read_by_the_chair(reader: Reader, site: Site) -> tuple[str, str]:
    """Walk until the chair has read it; return the page of the view, and its meeting."""
    meeting = site.schedule("S9", 3, "Jo")
    (child,) = meeting["children"]
    page = begin(reader, site, {name: child[name] for name in ("conference_ref", "child_ref")})
    page.fill("#statement-1-text", "I want to come to the meeting")
    page.check("[name=statement-1-approved_for][value=chair]")
    page.click(SAVE)
    page.wait_for_url("**/views/*done=recorded")
    address = page.url.partition("?")[0]

    page = reader.open(f"/stories/{child['conference_ref']}")
    page.click("text=What this child wanted to say")
    page.click(f"a[href='{address.removeprefix(site.url)}']")
    page.click("text=Send it to the chair")
    page.click("text=Read what the child wants you to know")
    page.click("text=I have read it")
    page.wait_for_url("**/views/*done=receipt")
    return address.removeprefix(site.url), meeting["meeting_ref"]


def test_the_way_from_a_word_to_its_answer_is_walked_on_pages(reader: Reader, site: Site) -> None:
    address, meeting = read_by_the_chair(reader, site)
    page = reader.open(address)
    assert "once the conference has been held" in page.locator("main").inner_text()

    held_at = site.world.now.replace(second=0, microsecond=0)
    site.post(f"/v1/conferences/{meeting}/held", {"held_at": held_at.isoformat()})
    page = reader.open(address)
    page.click("text=Record what the meeting answered")
    page.click("main form button")
    assert reader.mistakes() == ["Choose how far the meeting did it", "Choose why"]
    assert reader.faults() == []
    page.check("[name=answer][value=part]")
    page.check("[name=reason][value=partly-possible]")
    page.fill("#words", "You can come for the first half")
    page.click("main form button")
    page.wait_for_url("**/views/*done=answer")

    page.click("text=Record that the child was told the answer")
    page.click("main form button")
    assert len(reader.mistakes()) == 2
    assert reader.faults() == []
    assert "You can come for the first half" in page.locator("main").inner_text()
    fill_when(page)
    page.click("main form button")
    assert reader.mistakes() == [
        "The conference had not begun: nobody could tell the child its answer."
    ]
    page.fill("[name=at-time]", f"{held_at.astimezone(LONDON):%H:%M}")
    page.click("main form button")
    page.wait_for_url("**/views/*done=told")
    assert "The child was told the answer" in page.locator("dl").inner_text()


def test_what_the_child_takes_back_is_asked_once_more_and_then_gone(
    somebody: Reader, site: Site
) -> None:
    page = begin(somebody, site)
    page.fill("#statement-1-text", PRIVATE)
    page.click(SAVE)
    page.wait_for_url("**/views/*done=recorded")
    page.click("text=The child takes it back")
    page.click("text=Yes, take it back")
    page.wait_for_url("**/views/*done=withdrawal")

    assert "Taken back by the child" in page.locator("dl").inner_text()


def test_words_are_in_no_address_and_in_no_event(somebody: Reader, site: Site) -> None:
    page = begin(somebody, site)
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    page.fill("#statement-1-text", PRIVATE)
    page.click(SAVE)
    page.wait_for_url("**/views/*done=recorded")
    site.world.settle()

    assert not [address for address in seen if "synthetic" in address.lower()]
    assert all("dog" not in repr(event) for event in site.world.events())


def test_the_exit_is_in_sight_wherever_the_reader_is_on_the_page(
    reader: Reader, site: Site
) -> None:
    page = begin(reader, site)
    page.mouse.wheel(0, 1200)
    page.wait_for_function("() => scrollY > 600")
    box = page.locator(".govuk-exit-this-page__button").bounding_box()

    assert box is not None
    assert 0 <= box["y"] < 200


def test_an_observation_is_never_shown_as_the_childs_words(reader: Reader, site: Site) -> None:
    page = begin(reader, site)
    page.check("[name=provenance][value=observation]")
    page.check("[name=medium][value=observed]")
    page.fill("#statement-1-text", "Played with the blue brick for long")
    page.check("[name=statement-1-approved_for][value=chair]")
    page.click(SAVE)
    page.wait_for_url("**/views/*done=recorded")
    page.click("text=Send it to the chair")
    page.wait_for_url("**/views/*done=share")
    page.click("text=Read what the child wants you to know")
    page.wait_for_url("**/read/chair")

    assert page.locator("blockquote").count() == 0
    assert "These are not the child" in page.locator("main").inner_text()
