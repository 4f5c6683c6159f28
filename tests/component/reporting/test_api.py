"""The JSON doors of reporting: what they answer, and what they refuse without repeating it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.contracts.codes import VisitKind
from tests.component.reporting.families import KENSINGTON, Family
from tests.harness import World

NOBODY = UUID(int=99, version=4)


def get(world: World, path: str, status: int = 200) -> Any:
    answer = world.client.get(path)
    assert answer.status_code == status, answer.text
    return answer.json()


def test_the_board_is_answered_with_its_cases(world: World) -> None:
    family = Family(world)
    family.conference()
    family.offer(overdue=True)
    found = get(world, f"/v1/board?authority={KENSINGTON}")
    assert found["funnel"]["referred"] == 1
    assert found["late_counts"]["telling-overdue"] == 1
    assert found["late"][0]["late"] == ["telling-overdue"]
    assert found["late"][0]["conference_ref"] == str(family.conference_ref)


def test_a_report_has_funnel_participation_codes_and_timeliness(world: World) -> None:
    family = Family(world)
    family.conference()
    family.offer()
    world.advance(world.now + timedelta(days=1))
    family.explained()
    family.allocated()
    world.advance(world.now + timedelta(days=7))
    family.visited(VisitKind.BEFORE)
    family.held()
    family.took_part(advocate_present=True, voice="advocate")
    found = get(world, f"/v1/reports/funnel?authority={KENSINGTON}&period=2026-27-Q3")
    assert found["period"] == "2026-10-01..2026-12-31"
    assert found["funnel"] == {
        **dict.fromkeys(found["funnel"], 0),
        "referred": 1,
        "taken_up": 1,
    }
    assert found["participation"]["represented_by_advocate"] == 1
    assert found["review_codes"] == {"PN5": 1}
    told, visited = found["timeliness"]["told"], found["timeliness"]["visit_before"]
    assert (told["median_working_days"], told["in_time_percent"]) == (1, 100.0)
    assert (visited["median_working_days"], visited["done"]) == (6, 1)
    elsewhere = get(world, "/v1/reports/funnel?authority=E08000039")
    assert elsewhere["funnel"]["referred"] == 0


def test_a_place_without_a_policy_is_counted_without_working_days(world: World) -> None:
    family = Family(world, authority="N09000003")
    family.conference()
    family.offer()
    family.explained()
    told = get(world, "/v1/reports/funnel?authority=N09000003")["timeliness"]["told"]
    assert (told["children"], told["median_working_days"]) == (1, None)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/v1/reports/funnel?period=2026-27-Q9", "no-such-period"),
        ("/v1/reports/funnel?period=2026-12-01..2026-11-01", "no-such-period"),
        ("/v1/board?authority=Robin%20Example", "invalid"),
        ("/v1/stories/Robin-Example", "invalid"),
    ],
)
def test_what_cannot_be_asked_is_refused_without_being_repeated(
    world: World, path: str, code: str
) -> None:
    found = get(world, path, status=422)
    assert found["code"] == code
    assert "Robin" not in str(found)


def test_a_year_that_is_not_kept_is_not_found(world: World) -> None:
    assert get(world, "/v1/board/commissioner?year=1999-00", 404)["code"] == "no-such-year"


def test_the_commissioners_table_shows_c_for_what_is_hidden(world: World) -> None:
    for number in range(1, 4):
        Family(world, number).offer()
    world.advance(datetime(2026, 12, 1, 9, tzinfo=UTC))
    found = get(world, "/v1/board/commissioner")
    assert found["as_of"] == "2026-11-30"
    counts = found["funnel"]["rows"][0]["counts"]
    assert (counts["open"], counts["taken_up"], counts["total"]) == ("c", 0, "c")


def test_a_story_tells_what_happened_across_services(world: World) -> None:
    family = Family(world)
    family.conference()
    family.offer()
    world.advance(world.now + timedelta(hours=1))
    family.explained()
    world.publish(
        "message.sent",
        {
            "version": 1,
            "message_ref": NOBODY,
            "child_ref": family.child_ref,
            "purpose": "explain-offer",
            "recipient_role": "social-worker",
            "channel": "email",
            "status": "sent",
        },
    )
    other = Family(world, 2)
    other.conference()
    found = get(world, f"/v1/stories/{family.conference_ref}")
    assert [line["type"] for line in found["lines"]] == [
        "conference.scheduled",
        "offer.made",
        "offer.explained",
        "message.sent",
    ]
    assert found["lines"][2]["who"] == "social worker"
    assert found["lines"][0]["sentence"] == (
        "The initial conference was arranged for 10 December 2026 at 2pm."
    )
    assert found["outcome"] == "open"


def test_the_story_of_a_conference_nobody_has_heard_of_is_not_known_yet(world: World) -> None:
    answer = world.client.get(f"/v1/stories/{NOBODY}")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_yet_known")
    assert "Retry-After" in answer.headers
