"""The calendar an advocate subscribes to, read back by a calendar library."""

import re
import sqlite3
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from icalendar import Calendar, Event

from services.contracts.codes import VisitKind
from tests.component.scheduling.story import ADVOCATE, CHILD, CONFERENCE, STARTS_AT, Story


@pytest.fixture
def begun(story: Story) -> Story:
    return story.begun()


def opened(story: Story, advocate: object = ADVOCATE) -> Any:
    answer = story.world.client.post("/v1/calendars", json={"advocate_ref": str(advocate)})
    assert answer.status_code == 201
    return answer.json()


def read(story: Story, url: str) -> Calendar:
    answer = story.world.client.get(url)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/calendar")
    calendar = Calendar.from_ical(answer.content)
    assert isinstance(calendar, Calendar)
    return calendar


def entry(story: Story, url: str, kind: VisitKind) -> Event:
    uid = str(story.visit(kind).visit_ref)
    return next(event for event in read(story, url).events if event.uid == uid)


def test_every_visit_is_there_private_and_without_any_name_or_child(begun: Story) -> None:
    url = opened(begun)["url"]
    text = begun.world.client.get(url).text
    calendar = read(begun, url)
    assert {str(event["SUMMARY"]) for event in calendar.events} == {
        "First visit",
        "Visit before a conference",
        "Conference",
        "Visit after a conference",
    }
    assert {str(event["CLASS"]) for event in calendar.events} == {"PRIVATE"}
    assert calendar.method == "PUBLISH"
    for ref in (CHILD, CONFERENCE, ADVOCATE):
        assert str(ref) not in text


def test_what_is_only_due_is_a_tentative_day_and_what_is_agreed_an_hour(begun: Story) -> None:
    url = opened(begun)["url"]
    due = entry(begun, url, VisitKind.BEFORE)
    assert (due.start, str(due["STATUS"])) == (date(2026, 12, 3), "TENTATIVE")
    begun.post(VisitKind.BEFORE, "agreed", at="2026-12-01T15:00:00Z")
    agreed = entry(begun, url, VisitKind.BEFORE)
    assert (agreed.start, str(agreed["STATUS"])) == (
        datetime(2026, 12, 1, 15, tzinfo=UTC),
        "CONFIRMED",
    )


def test_a_conference_stands_at_its_hours_in_london_time_with_its_time_zone(story: Story) -> None:
    in_summer = datetime(2027, 6, 14, 9, 30, tzinfo=UTC)
    story.conference(starts_at=in_summer, ends_at=in_summer + timedelta(hours=2))
    story.offer()
    story.allocation()
    url = opened(story)["url"]
    conference = entry(story, url, VisitKind.AT_CONFERENCE)
    assert conference.start == in_summer
    assert conference.end == in_summer + timedelta(hours=2)
    text = story.world.client.get(url).text
    assert "DTSTART;TZID=Europe/London:20270614T103000" in text
    assert [str(zone["TZID"]) for zone in read(story, url).timezones] == ["Europe/London"]


def test_the_uid_stays_and_the_sequence_rises_with_every_change(begun: Story) -> None:
    url = opened(begun)["url"]
    first = entry(begun, url, VisitKind.AT_CONFERENCE)
    begun.conference("rescheduled", starts_at=STARTS_AT + timedelta(hours=3))
    second = entry(begun, url, VisitKind.AT_CONFERENCE)
    begun.conference("rescheduled", starts_at=STARTS_AT + timedelta(days=7))
    third = entry(begun, url, VisitKind.AT_CONFERENCE)
    assert first.uid == second.uid == third.uid
    assert first.sequence < second.sequence < third.sequence
    assert second.start == STARTS_AT + timedelta(hours=3)


def test_an_entry_tells_when_it_was_last_changed(begun: Story) -> None:
    url = opened(begun)["url"]
    later = begun.world.now + timedelta(hours=3)
    begun.world.advance(later)
    assert entry(begun, url, VisitKind.BEFORE).last_modified < later
    begun.allocation("released", status="released")
    begun.allocation(allocation_ref=uuid4(), status="allocated", version=1)
    assert entry(begun, url, VisitKind.BEFORE).last_modified == later


def test_what_is_called_off_is_shown_as_cancelled_and_comes_back_confirmed(begun: Story) -> None:
    url = opened(begun)["url"]
    begun.offer("paused", status="paused")
    paused = entry(begun, url, VisitKind.AT_CONFERENCE)
    assert str(paused["STATUS"]) == "CANCELLED"
    begun.offer("resumed", status="standing")
    resumed = entry(begun, url, VisitKind.AT_CONFERENCE)
    assert str(resumed["STATUS"]) == "CONFIRMED"
    assert resumed.sequence > paused.sequence


def test_reading_twice_without_a_change_gives_the_same_bytes(begun: Story) -> None:
    url = opened(begun)["url"]
    first = begun.world.client.get(url).content
    begun.world.clock.move(begun.world.now + timedelta(hours=1))
    assert begun.world.client.get(url).content == first


def test_another_advocates_calendar_shows_nothing_of_it(begun: Story) -> None:
    url = opened(begun, uuid4())["url"]
    assert read(begun, url).events == []


def test_what_lies_further_back_than_the_setting_is_left_out(begun: Story) -> None:
    url = opened(begun)["url"]
    begun.world.advance(datetime(2027, 3, 4, 9, tzinfo=UTC))
    shown = {str(event["SUMMARY"]) for event in read(begun, url).events}
    assert shown == {"Conference", "Visit after a conference"}


def test_a_revoked_calendar_and_one_that_never_was_look_the_same(begun: Story) -> None:
    made = opened(begun)
    revoked = begun.world.client.post(f"/v1/calendars/{made['calendar_ref']}/revoked")
    again = begun.world.client.post(f"/v1/calendars/{made['calendar_ref']}/revoked")
    assert (revoked.status_code, again.status_code) == (204, 204)
    gone = begun.world.client.get(made["url"])
    never = begun.world.client.get("/v1/calendars/nobody-ever-made-this.ics")
    assert (gone.status_code, gone.json()) == (404, never.json())


def test_an_address_made_on_the_page_is_shown_once_and_ends_the_one_before(begun: Story) -> None:
    client, page = begun.world.client, f"/advocates/{ADVOCATE}/calendar"
    before = opened(begun)["url"]
    assert ".ics" not in client.get(page).text
    made = client.post(page).text
    found = re.search(r">\s*http://[\w.:]+(/v1/calendars/[\w-]+\.ics)\s*<", made)
    assert found is not None, made
    assert {str(each["SUMMARY"]) for each in read(begun, found[1]).events}
    assert client.get(before).status_code == 404
    assert ".ics" not in client.get(page).text


def test_the_secret_of_the_address_is_long_and_lies_nowhere_in_the_database(begun: Story) -> None:
    answer = begun.world.client.post(
        "/v1/calendars",
        json={"advocate_ref": str(ADVOCATE)},
        headers={"Idempotency-Key": "one"},
    )
    token = answer.json()["url"].removeprefix("/v1/calendars/").removesuffix(".ics")
    assert len(token) * 6 >= 128
    with sqlite3.connect(begun.world.data / "scheduling.sqlite3") as database:
        everything = "\n".join(database.iterdump())
    assert str(answer.json()["calendar_ref"]) in everything
    assert token not in everything
