"""What people record of visits over HTTP, and how it is answered."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.contracts.codes import Role, VisitKind, VisitReason, VisitStatus, YesNo
from services.scheduling.domain.diary import Diary
from services.scheduling.handlers.diary import advocates, diary
from services.scheduling.metrics import collect
from tests.component.scheduling.story import (
    ADVOCATE,
    ANOTHER_ADVOCATE,
    CHILD,
    CONFERENCE,
    MONDAY,
    STARTS_AT,
    Story,
)

HELD_AT = "2026-11-23T09:00:00Z"


@pytest.fixture
def begun(story: Story) -> Story:
    return story.begun()


# --- what is recorded ---


def test_offered_agreed_moved_and_held_are_each_said(begun: Story) -> None:
    begun.post(VisitKind.BEFORE, "offered")
    begun.post(VisitKind.BEFORE, "agreed", at="2026-11-26T15:00:00Z")
    begun.post(VisitKind.BEFORE, "moved", at="2026-11-30T15:00:00Z", reason="child-ill")
    begun.world.advance(datetime(2026, 11, 30, 16, tzinfo=UTC))
    answer = begun.post(VisitKind.BEFORE, "held", held_at="2026-11-30T15:05:00Z", seen_alone="yes")
    assert answer.status_code == 200
    assert answer.headers["etag"] == f'"{answer.json()["version"]}"'
    assert [kind for kind, about in begun.said_of_visits() if about is VisitKind.BEFORE] == [
        "visit.planned",
        "visit.offered",
        "visit.agreed",
        "visit.moved",
        "visit.held",
    ]
    (held,) = begun.said("visit.held")
    assert (held.seen_alone, held.moves, held.reason) == (YesNo.YES, 1, None)


def test_an_advocate_who_came_at_the_last_moment_says_why_there_was_no_visit_before(
    begun: Story,
) -> None:
    begun.post(VisitKind.BEFORE, "not-possible", reason="permission-late")
    begun.world.advance(STARTS_AT)
    begun.conference("held", status="held", held_at=STARTS_AT)
    before = begun.visit(VisitKind.BEFORE)
    assert (before.status, before.reason) == (
        VisitStatus.NOT_POSSIBLE,
        VisitReason.PERMISSION_LATE,
    )


def test_a_missed_visit_gets_its_reason_days_later(begun: Story) -> None:
    begun.world.advance(STARTS_AT + timedelta(days=3))
    begun.conference("held", status="held", held_at=STARTS_AT)
    answer = begun.post(VisitKind.BEFORE, "missed", reason="short-notice")
    assert answer.json()["reason"] == "short-notice"
    assert begun.said("visit.missed")[-1].reason is VisitReason.SHORT_NOTICE


def test_a_visit_before_is_recorded_after_the_conference_when_it_was_held_before(
    begun: Story,
) -> None:
    begun.world.advance(STARTS_AT + timedelta(days=3))
    begun.conference("held", status="held", held_at=STARTS_AT)
    late = begun.post(VisitKind.BEFORE, "held", held_at="2026-12-04T15:00:00Z")
    assert (late.status_code, late.json()["status"]) == (200, "held")


def test_the_childs_no_to_a_visit_and_a_parents(begun: Story) -> None:
    begun.post(VisitKind.BEFORE, "declined", by_role="child")
    refused = begun.post(VisitKind.AFTER, "declined", by_role="parent")
    assert (refused.status_code, refused.json()["code"]) == (409, "not-the-childs-no")
    begun.post(VisitKind.AFTER, "declined", by_role="parent", reason="parent-prevented")
    assert [(v.declined_by, v.reason) for v in begun.said("visit.declined")] == [
        (Role.CHILD, VisitReason.CHILD_DECLINED),
        (Role.PARENT, VisitReason.PARENT_PREVENTED),
    ]


# --- what is refused ---


def test_what_the_life_of_a_visit_does_not_allow_is_refused_and_changes_nothing(
    begun: Story,
) -> None:
    begun.post(VisitKind.INTRODUCTION, "held", held_at=HELD_AT)
    again = begun.post(VisitKind.INTRODUCTION, "held", held_at=HELD_AT)
    assert (again.status_code, again.json()["code"]) == (409, "visit-is-held")
    assert begun.visit(VisitKind.INTRODUCTION).version == 2


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("held", {"held_at": "2026-11-24T09:00:00Z"}, "in-the-future"),
        ("held", {"held_at": "1990-11-24T09:00:00Z"}, "long-ago"),
        ("agreed", {"at": "2026-12-08T09:00:00Z"}, "does-not-fit-conference"),
        ("agreed", {"at": "2026-11-01T09:00:00Z"}, "in-the-past"),
        ("moved", {"at": "2026-11-26T09:00:00Z", "reason": "child-ill"}, "visit-is-planned"),
    ],
)
def test_a_time_that_cannot_be_is_refused_with_its_reason(
    begun: Story, path: str, body: dict[str, str], code: str
) -> None:
    answer = begun.post(VisitKind.BEFORE, path, **body)
    assert (answer.status_code, answer.json()["code"]) == (409, code)


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("not-possible", {"reason": "dog-ate-it"}, "/reason"),
        ("not-possible", {}, "/reason"),
        ("declined", {"by_role": "neighbour"}, "/by_role"),
        ("agreed", {"at": "2026-11-26T15:00:00"}, "/at"),
        ("held", {"held_at": HELD_AT, "note": "Sample Child was sad"}, "/?"),
        ("missed", {"reason": 7}, "/reason"),
    ],
)
def test_a_body_that_breaks_a_rule_is_told_which_and_never_hears_itself(
    begun: Story, path: str, body: dict[str, object], pointer: str
) -> None:
    answer = begun.post(VisitKind.BEFORE, path, **body)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    for value in ("dog-ate-it", "neighbour", "Sample"):
        assert value not in answer.text
    assert begun.visit(VisitKind.BEFORE).version == 1


def test_a_visit_nobody_knows_yet_is_asked_for_again_later(story: Story) -> None:
    for answer in (
        story.world.client.get(f"/v1/visits/{uuid4()}"),
        story.world.client.post(f"/v1/visits/{uuid4()}/offered", json={}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "not_yet_known")
        assert "retry-after" in answer.headers


def test_the_same_request_sent_again_is_answered_and_not_done_again(begun: Story) -> None:
    visit = begun.visit(VisitKind.INTRODUCTION)
    answers = [
        begun.world.client.post(
            f"/v1/visits/{visit.visit_ref}/held",
            json={"held_at": HELD_AT},
            headers={"Idempotency-Key": "the same"},
        )
        for _ in range(2)
    ]
    begun.world.settle()
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert len(begun.said("visit.held")) == 1


# --- lists ---


def test_visits_are_listed_by_due_day_page_by_page(begun: Story) -> None:
    first = begun.world.client.get("/v1/visits", params={"size": 3}).json()
    second = begun.world.client.get(
        "/v1/visits", params={"size": 3, "cursor": first["next"]}
    ).json()
    kinds = [item["kind"] for item in first["items"] + second["items"]]
    assert kinds == ["introduction", "before", "at-conference", "after"]
    assert second["next"] is None


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ({"advocate_ref": ADVOCATE, "status": "held"}, ["introduction"]),
        ({"child_ref": CHILD, "from": "2026-12-07"}, ["at-conference", "after"]),
        ({"conference_ref": CONFERENCE, "to": "2026-12-03"}, ["introduction", "before"]),
        ({"advocate_ref": uuid4()}, []),
    ],
)
def test_each_question_narrows_the_list(
    begun: Story, question: dict[str, object], kinds: list[str]
) -> None:
    begun.post(VisitKind.INTRODUCTION, "held", held_at=HELD_AT)
    params = {name: str(value) for name, value in question.items()}
    found = begun.world.client.get("/v1/visits", params=params).json()["items"]
    assert [item["kind"] for item in found] == kinds


@pytest.mark.parametrize("cursor", ["bm9uc2Vuc2U=", "%%%"])
def test_a_cursor_of_ones_own_making_is_refused(begun: Story, cursor: str) -> None:
    answer = begun.world.client.get("/v1/visits", params={"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (400, "cursor")


# --- the diary, and figures ---


def test_the_diary_shows_what_is_late_first_and_whose_it_is(begun: Story) -> None:
    begun.world.advance(datetime(2026, 11, 27, 9, tzinfo=UTC))
    desk = begun.world.desk("scheduling")
    found = desk.read(lambda work: diary(work, ADVOCATE))
    assert [visit.kind for visit in found.late] == [VisitKind.INTRODUCTION]
    assert [visit.kind for day in found.days for visit in day.visits] == [
        VisitKind.BEFORE,
        VisitKind.AT_CONFERENCE,
        VisitKind.AFTER,
    ]
    (load,) = desk.read(advocates)
    assert (load.advocate_ref, load.open, load.late) == (ADVOCATE, 4, 1)


def diary_of_the_advocate(story: Story) -> Diary:
    return story.world.desk("scheduling").read(lambda work: diary(work, ADVOCATE))


def passes_without_it(story: Story, kind: VisitKind, **body: Any) -> None:
    """Let the day come that a visit is due on, and record that it did not take place."""
    due = datetime.combine(story.visit(kind).due_on, time(6), UTC)
    story.world.advance(max(story.world.now, due))
    assert story.post(kind, "missed", **body).status_code == 200


BEFORE_IT_BEGINS = (STARTS_AT - timedelta(hours=1)).isoformat()


def test_a_missed_visit_stays_in_the_diary_until_it_is_arranged_anew(begun: Story) -> None:
    passes_without_it(begun, VisitKind.BEFORE, reason="not-at-home")
    assert [visit.kind for visit in diary_of_the_advocate(begun).missed] == [VisitKind.BEFORE]
    begun.post(VisitKind.BEFORE, "agreed", at=BEFORE_IT_BEGINS)
    assert diary_of_the_advocate(begun).missed == ()


def test_a_missed_visit_leaves_the_diary_when_the_conference_begins(begun: Story) -> None:
    for kind in (VisitKind.INTRODUCTION, VisitKind.BEFORE, VisitKind.AT_CONFERENCE):
        passes_without_it(begun, kind)
    begun.world.advance(STARTS_AT)
    assert diary_of_the_advocate(begun).missed == ()


def test_the_visit_after_stays_in_the_diary_however_long_ago_it_was_missed(begun: Story) -> None:
    begun.world.advance(STARTS_AT)
    begun.conference("held", status="held", held_at=STARTS_AT)
    begun.world.advance(STARTS_AT + timedelta(days=60))
    begun.post(VisitKind.AFTER, "missed")
    assert [visit.kind for visit in diary_of_the_advocate(begun).missed] == [VisitKind.AFTER]


SAID_NO = {
    "status": "declined",
    "answered_at": MONDAY,
    "reported_by": "child",
    "heard_directly": True,
}
ENDED: dict[str, tuple[str, dict[str, Any]]] = {
    "the child said no": ("declined", SAID_NO),
    "it is paused": ("paused", {"status": "paused"}),
}


@pytest.mark.parametrize("ended", ENDED)
@pytest.mark.parametrize(("path", "body"), [("offered", {}), ("agreed", {"at": BEFORE_IT_BEGINS})])
def test_nobody_arranges_a_missed_visit_once_the_offer_has_ended(
    begun: Story, ended: str, path: str, body: dict[str, str]
) -> None:
    passes_without_it(begun, VisitKind.BEFORE)
    verb, news = ENDED[ended]
    begun.offer(verb, **news)
    assert diary_of_the_advocate(begun).missed == ()
    refused = begun.post(VisitKind.BEFORE, path, **body)
    assert (refused.status_code, refused.json()["code"]) == (409, "visit-is-called-off")
    assert begun.visit(VisitKind.BEFORE).status is VisitStatus.MISSED


def test_what_is_arranged_anew_after_its_day_is_late_already_and_said_once(begun: Story) -> None:
    begun.world.advance(STARTS_AT)
    begun.conference("held", status="held", held_at=STARTS_AT)
    begun.world.advance(STARTS_AT + timedelta(days=30))
    begun.post(VisitKind.AFTER, "missed")
    said = len(begun.said("visit.overdue"))
    at = STARTS_AT + timedelta(days=31)
    assert begun.post(VisitKind.AFTER, "agreed", at=at.isoformat()).status_code == 200
    assert begun.visit(VisitKind.AFTER).overdue
    begun.world.advance(at)
    assert len(begun.said("visit.overdue")) == said


def test_a_missed_visit_goes_to_the_next_advocate_and_leaves_the_former_one(begun: Story) -> None:
    passes_without_it(begun, VisitKind.BEFORE)
    begun.allocation("conflict-found", status="conflict")
    assert diary_of_the_advocate(begun).missed == ()
    begun.allocation("allocated", status="allocated", advocate_ref=ANOTHER_ADVOCATE)
    assert begun.visit(VisitKind.BEFORE).advocate_ref == ANOTHER_ADVOCATE
    begun.post(VisitKind.BEFORE, "agreed", at=BEFORE_IT_BEGINS)
    (agreed,) = begun.said("visit.agreed")
    assert agreed.advocate_ref == ANOTHER_ADVOCATE


def test_a_visit_before_stays_with_whose_it_was_once_the_conference_has_begun(
    begun: Story,
) -> None:
    begun.world.advance(STARTS_AT + timedelta(hours=2))
    begun.conference("held", status="held", held_at=STARTS_AT)
    begun.allocation("replaced", status="replaced")
    begun.allocation("allocated", status="allocated", advocate_ref=ANOTHER_ADVOCATE)
    begun.world.settle()
    held = (STARTS_AT - timedelta(days=2)).isoformat()
    assert begun.post(VisitKind.BEFORE, "held", held_at=held, seen_alone="yes").status_code == 200
    assert begun.said("visit.held")[-1].advocate_ref == ADVOCATE


def test_who_attended_a_sitting_that_was_broken_off_can_say_so_once_it_has_a_new_day(
    begun: Story,
) -> None:
    begun.world.advance(STARTS_AT + timedelta(hours=1))
    begun.conference("adjourned", status="adjourned", adjourned_because="quorum")
    later = STARTS_AT + timedelta(days=9)
    begun.conference("rescheduled", status="scheduled", adjourned_because=None, starts_at=later)
    begun.world.settle()
    before = (STARTS_AT - timedelta(days=1)).isoformat()
    refused = begun.post(VisitKind.AT_CONFERENCE, "held", held_at=before)
    assert (refused.status_code, refused.json()["code"]) == (409, "before-the-conference")
    held = begun.post(VisitKind.AT_CONFERENCE, "held", held_at=STARTS_AT.isoformat())
    assert held.status_code == 200


NEXT_SITTING = STARTS_AT + timedelta(days=9)


def is_broken_off(story: Story) -> None:
    story.world.advance(STARTS_AT + timedelta(hours=1))
    story.conference("adjourned", status="adjourned", adjourned_because="quorum")
    story.world.settle()


def is_listed_again(story: Story) -> None:
    new = {"status": "scheduled", "adjourned_because": None, "starts_at": NEXT_SITTING}
    story.conference("rescheduled", **new)
    story.world.settle()


@pytest.mark.parametrize("kind", [VisitKind.AT_CONFERENCE, VisitKind.AFTER])
def test_what_was_held_for_a_sitting_that_was_broken_off_is_owed_of_the_next_one_too(
    begun: Story, kind: VisitKind
) -> None:
    is_broken_off(begun)
    first = begun.visit(kind)
    held_at = STARTS_AT + timedelta(minutes=30)
    assert begun.post(kind, "held", held_at=held_at.isoformat()).status_code == 200
    is_listed_again(begun)
    held, planned = begun.visits_of(kind)
    assert (held.visit_ref, held.status, held.held_at) == (
        first.visit_ref,
        VisitStatus.HELD,
        held_at,
    )
    assert (planned.status, planned.conference_at) == (VisitStatus.PLANNED, NEXT_SITTING)
    begun.conference("changed", language="pl")
    begun.world.settle()
    assert len(begun.visits_of(kind)) == 2


def test_who_says_late_that_they_attended_the_sitting_before_finds_the_next_one_planned(
    begun: Story,
) -> None:
    is_broken_off(begun)
    is_listed_again(begun)
    begun.post(VisitKind.AT_CONFERENCE, "held", held_at=STARTS_AT.isoformat())
    held, planned = begun.visits_of(VisitKind.AT_CONFERENCE)
    assert (held.status, planned.status) == (VisitStatus.HELD, VisitStatus.PLANNED)
    (day,) = [day.on for day in diary_of_the_advocate(begun).days if planned in day.visits]
    assert day == NEXT_SITTING.date()


def test_the_record_of_the_last_sitting_says_nothing_of_the_one_before(begun: Story) -> None:
    is_broken_off(begun)
    begun.post(VisitKind.AT_CONFERENCE, "held", held_at=STARTS_AT.isoformat())
    is_listed_again(begun)
    begun.world.advance(NEXT_SITTING + timedelta(hours=2))
    absent = {
        "attendance": "did-not-attend",
        "voice": "none",
        "advocate_present": False,
        "part_attendance": False,
        "session_on": NEXT_SITTING.date(),
    }
    begun.conference("held", status="held", held_at=NEXT_SITTING, participation=absent)
    begun.world.settle()
    attended = [visit.status for visit in begun.visits_of(VisitKind.AT_CONFERENCE)]
    assert attended == [VisitStatus.HELD, VisitStatus.MISSED]


def took_part(*, present: bool, on: datetime) -> dict[str, Any]:
    return {
        "attendance": "attended" if present else "did-not-attend",
        "voice": "none",
        "advocate_present": present,
        "part_attendance": False,
        "session_on": on.date(),
    }


@pytest.mark.parametrize("present", [True, False])
def test_the_record_of_the_first_sitting_says_nothing_of_the_last(
    begun: Story,
    present: bool,  # noqa: FBT001 -- a case of the test, by name
) -> None:
    is_broken_off(begun)
    begun.post(VisitKind.AT_CONFERENCE, "held", held_at=STARTS_AT.isoformat())
    fullest = took_part(present=present, on=STARTS_AT)
    begun.conference("participation-recorded", participation=fullest)
    is_listed_again(begun)
    begun.world.advance(NEXT_SITTING + timedelta(hours=2))
    begun.conference("held", status="held", held_at=NEXT_SITTING, participation=fullest)
    begun.world.settle()
    attended = [visit.status for visit in begun.visits_of(VisitKind.AT_CONFERENCE)]
    assert attended == [VisitStatus.HELD, VisitStatus.PLANNED]


@pytest.mark.parametrize("kind", [VisitKind.AT_CONFERENCE, VisitKind.AFTER])
@pytest.mark.parametrize("reconvenes_on", [NEXT_SITTING.date(), None])
def test_what_took_place_at_one_sitting_is_recorded_once(
    begun: Story, kind: VisitKind, reconvenes_on: date | None
) -> None:
    is_broken_off(begun)
    begun.conference("changed", reconvenes_on=NEXT_SITTING.date())
    begun.world.settle()
    held_at = (STARTS_AT + timedelta(minutes=30)).isoformat()
    assert begun.post(kind, "held", held_at=held_at).status_code == 200
    begun.conference("changed", reconvenes_on=reconvenes_on)
    begun.world.settle()
    (planned,) = [visit for visit in begun.visits_of(kind) if visit.is_open]
    path = f"/v1/visits/{planned.visit_ref}/held"
    refused = begun.world.client.post(path, json={"held_at": held_at})
    assert (refused.status_code, refused.json()["code"]) == (409, "recorded-already")


@pytest.mark.parametrize("kind", [VisitKind.AT_CONFERENCE, VisitKind.AFTER])
def test_what_was_planned_for_a_next_sitting_goes_when_there_was_only_one(
    begun: Story, kind: VisitKind
) -> None:
    is_broken_off(begun)
    held_at = (STARTS_AT + timedelta(minutes=30)).isoformat()
    begun.post(kind, "held", held_at=held_at)
    is_listed_again(begun)
    begun.conference("held", status="held", held_at=STARTS_AT)
    begun.world.settle()
    assert [visit.status for visit in begun.visits_of(kind)] == [
        VisitStatus.HELD,
        VisitStatus.CANCELLED,
    ]


def test_a_wrong_day_of_a_conference_that_sat_once_plans_no_other_visit(begun: Story) -> None:
    begun.world.advance(STARTS_AT + timedelta(days=1))
    held_at = (STARTS_AT + timedelta(hours=20)).isoformat()
    assert begun.post(VisitKind.AFTER, "held", held_at=held_at).status_code == 200
    begun.world.advance(STARTS_AT + timedelta(days=3))
    begun.conference("held", status="held", held_at=STARTS_AT + timedelta(days=2))
    begun.world.settle()
    assert len(begun.visits_of(VisitKind.AFTER)) == 1


def test_a_goodbye_is_owed_where_a_conference_that_was_to_go_on_is_called_off(
    begun: Story,
) -> None:
    is_broken_off(begun)
    held_at = (STARTS_AT + timedelta(minutes=30)).isoformat()
    begun.post(VisitKind.AFTER, "held", held_at=held_at)
    is_listed_again(begun)
    begun.conference("cancelled", status="cancelled", cancelled_because="not-needed")
    begun.world.settle()
    assert begun.visit(VisitKind.CLOSING).status is VisitStatus.PLANNED


def test_a_visit_after_that_was_missed_is_planned_anew_for_the_next_sitting(begun: Story) -> None:
    is_broken_off(begun)
    begun.world.advance(STARTS_AT + timedelta(days=8))
    assert begun.post(VisitKind.AFTER, "missed").status_code == 200
    is_listed_again(begun)
    assert begun.visit(VisitKind.AFTER).status is VisitStatus.PLANNED


def test_what_was_to_come_before_or_at_a_conference_stays_with_whose_it_was(begun: Story) -> None:
    begun.world.advance(STARTS_AT + timedelta(hours=1))
    begun.allocation("replaced", status="replaced")
    begun.allocation("allocated", status="allocated", advocate_ref=ANOTHER_ADVOCATE)
    begun.world.settle()
    assert begun.visit(VisitKind.AT_CONFERENCE).advocate_ref == ADVOCATE
    assert begun.visit(VisitKind.AFTER).advocate_ref == ANOTHER_ADVOCATE


def test_what_was_put_off_before_its_hour_was_attended_by_nobody_then(begun: Story) -> None:
    begun.conference("adjourned", status="adjourned", adjourned_because="quorum")
    later = STARTS_AT + timedelta(days=9)
    begun.conference("rescheduled", status="scheduled", adjourned_because=None, starts_at=later)
    begun.world.advance(STARTS_AT + timedelta(days=1))
    refused = begun.post(VisitKind.AT_CONFERENCE, "held", held_at=STARTS_AT.isoformat())
    assert (refused.status_code, refused.json()["code"]) == (409, "before-the-conference")


def test_what_nobody_agreed_a_time_for_is_not_missed_before_the_day_it_is_due(
    begun: Story,
) -> None:
    visit = begun.visit(VisitKind.BEFORE)
    refused = begun.post(VisitKind.BEFORE, "missed")
    assert (refused.status_code, refused.json()["code"]) == (409, "still-to-come")
    page = f"/visits/{visit.visit_ref}"
    assert f"{page}/missed" not in begun.world.client.get(page).text
    begun.world.advance(datetime.combine(visit.due_on, time(9), UTC))
    assert f"{page}/missed" in begun.world.client.get(page).text
    assert begun.post(VisitKind.BEFORE, "missed").status_code == 200


def test_what_is_agreed_for_a_time_to_come_has_not_been_missed(begun: Story) -> None:
    begun.post(VisitKind.BEFORE, "agreed", at="2026-11-30T15:00:00Z")
    refused = begun.post(VisitKind.BEFORE, "missed")
    assert (refused.status_code, refused.json()["code"]) == (409, "still-to-come")


def test_nobody_attended_a_conference_before_its_day(begun: Story) -> None:
    refused = begun.post(VisitKind.AT_CONFERENCE, "held", held_at=HELD_AT)
    assert (refused.status_code, refused.json()["code"]) == (409, "before-the-conference")
    begun.world.advance(STARTS_AT)
    held = begun.post(VisitKind.AT_CONFERENCE, "held", held_at=STARTS_AT.isoformat())
    assert held.status_code == 200


def test_no_time_is_offered_for_a_visit_before_a_conference_that_was_held(begun: Story) -> None:
    begun.post(VisitKind.BEFORE, "not-possible", reason="child-away")
    begun.world.advance(STARTS_AT)
    begun.conference("held", status="held", held_at=STARTS_AT)
    refused = begun.post(VisitKind.BEFORE, "offered")
    assert (refused.status_code, refused.json()["code"]) == (409, "conference-was-held")


def test_metrics_count_visits_and_name_nobody(begun: Story) -> None:
    begun.world.advance(datetime(2026, 11, 27, 9, tzinfo=UTC))
    begun.allocation("released", status="released")
    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for metric in collect(begun.world.desk("scheduling"))
        for sample in metric.samples
    }
    assert samples == {
        ("alongside_scheduling_visits", "planned"): 4,
        ("alongside_scheduling_visits_late", "introduction"): 1,
        ("alongside_scheduling_visits_without_advocate",): 4,
    }
