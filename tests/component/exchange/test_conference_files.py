"""A conference list goes in by API and command: good rows in, bad rows named, nothing twice."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from services.chassis.desk import Desk
from services.chassis.errors import StoreUnavailable
from services.chassis.work import Cause, Work
from services.exchange.domain.csv_table import MAX_BYTES
from services.exchange.handlers import conference_files
from services.exchange.handlers.conference_files import ImportReport, import_conferences
from services.exchange.settings import Exchange
from tests.component.exchange.story import a_child, post, said
from tests.harness import World

R = TypeVar("R")

HEADER = "conference_id,authority,kind,starts_at,la_child_id,date_of_birth,given_name,nhs_number"


def row(number: int, **changes: str) -> str:
    cells = {
        "conference_id": f"C{number}",
        "authority": "207",
        "kind": "review",
        "starts_at": "2026-12-10 14:00",
        "la_child_id": f"A{number}",
        "date_of_birth": "2016-01-01",
        "given_name": "Zoe",
        "nhs_number": "",
        **changes,
    }
    return ",".join(cells.values())


def file_of(*rows: str) -> bytes:
    return "\n".join((HEADER, *rows, "")).encode()


def taken(world: World, data: bytes, *, dry_run: bool = False) -> ImportReport:
    report = import_conferences(world.desk("exchange"), data, dry_run=dry_run)
    world.settle()
    return report


def faults(report: ImportReport) -> list[tuple[int, str, str]]:
    return [(fault.line, fault.column, fault.code) for fault in report.refused]


def warned(report: ImportReport) -> list[tuple[int, str]]:
    """Return what is warned of beside a family that may not be informed."""
    return [
        (warning.line, warning.code)
        for warning in report.warnings
        if warning.code != "family-not-informed"
    ]


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.rows, report.created, report.changed, report.unchanged


def test_five_hundred_rows_go_in_bad_ones_are_named_and_again_nothing_happens(
    world: World,
) -> None:
    bad = {
        7: {"nhs_number": "1234567890"},
        99: {"kind": "annual"},
        250: {"date_of_birth": "2026-12-24"},
        499: {"given_name": "=1+1"},
    }
    data = file_of(*(row(number, **bad.get(number, {})) for number in range(1, 501)))
    first = taken(world, data)
    assert counts(first) == (500, 496, 0, 0)
    assert [(r.line, r.column, r.code) for r in first.refused] == [
        (8, "nhs_number", "check-digit"),
        (100, "kind", "unknown-code"),
        (251, "date_of_birth", "born-after-conference"),
        (500, "given_name", "formula"),
    ]
    before = len(world.events())
    again = taken(world, data)
    assert counts(again) == (500, 0, 0, 496)
    assert (len(world.events()), again.absent) == (before, ())


def test_another_time_moves_every_sibling_and_other_fields_change_one_child(world: World) -> None:
    sibling = row(1, la_child_id="A2")
    taken(world, file_of(row(1), sibling))
    renamed = taken(world, file_of(row(1, given_name="Zac"), sibling))
    assert counts(renamed) == (2, 0, 1, 1)
    at = "2026-12-11 14:00"
    moved = taken(world, file_of(row(1, starts_at=at), row(1, la_child_id="A2", starts_at=at)))
    assert counts(moved) == (2, 0, 2, 0)
    assert said(world).count("conference.rescheduled") == 2
    assert "conference.changed" not in said(world)


def test_the_file_and_the_api_know_the_same_meeting(world: World) -> None:
    posted = post(world, starts_at="2026-12-10T14:00:00Z", kind="review")
    report = taken(world, file_of(row(1)))
    assert counts(report) == (1, 0, 0, 1)
    assert len(world.client.get(posted.url).json()["children"]) == 1


def test_an_id_in_other_capitals_is_the_same_meeting_by_every_door(world: World) -> None:
    first = post(world, conference_id="cpc/12a", kind="review")
    assert post(world, conference_id=" CPC/12A ", kind="review").meeting == first.meeting
    report = taken(world, file_of(row(1, conference_id="Cpc/12a"), row(2)))
    assert (counts(report), report.absent) == ((2, 1, 0, 1), ())
    assert said(world).count("meeting.arranged") == 2


@pytest.mark.parametrize(("kept", "listed"), [("cpc1", "CPC1"), ("Cpc1", "Cpc1")])
def test_a_meeting_of_before_capitals_counted_alike_is_found_and_then_by_any(
    world: World, kept: str, listed: str
) -> None:
    posted = post(world, conference_id=kept, kind="review")
    keep_as_written(world, posted.meeting, kept)
    report = taken(world, file_of(row(1, conference_id=listed)))
    assert (counts(report), report.absent) == ((1, 0, 0, 1), ())
    assert post(world, conference_id="cPC1", kind="review").meeting == posted.meeting
    assert said(world).count("meeting.arranged") == 1


def test_two_meetings_of_before_whose_ids_differ_in_capitals_stay_two(world: World) -> None:
    first = post(world, conference_id="cpc1", kind="review")
    keep_as_written(world, first.meeting, "cpc1")
    second = post(world, conference_id="other", children=[a_child(la_child_id="A2")])
    keep_as_written(world, second.meeting, "CPC1")
    assert post(world, conference_id="cpc1", kind="review").meeting == first.meeting
    assert post(world, conference_id="CPC1").meeting == second.meeting


def keep_as_written(world: World, meeting: str, conference_id: str) -> None:
    """Keep a meeting as it was kept before capitals counted alike."""
    desk = world.desk("exchange")
    index = desk.service.context.keys.blind("conference-id", f"E09000020/{conference_id}")
    statement = "UPDATE meetings SET conference_index = :kept WHERE meeting_ref = :ref"
    desk.run(lambda work: work.execute(text(statement).bindparams(kept=index, ref=meeting)))


def test_a_trial_run_tells_what_would_happen_and_does_nothing(world: World) -> None:
    report = taken(world, file_of(row(1), row(2, kind="x")), dry_run=True)
    assert (counts(report), len(report.refused)) == ((2, 1, 0, 0), 1)
    assert said(world) == []
    assert world.client.get("/v1/conferences").json()["items"] == []


def test_what_is_over_is_refused_but_what_was_known_stays_unchanged(world: World) -> None:
    taken(world, file_of(row(1)))
    world.advance(world.now.replace(month=12, day=20))
    report = taken(world, file_of(row(1), row(2)))
    assert counts(report) == (2, 0, 0, 1)
    assert [(r.line, r.column, r.code) for r in report.refused] == [(3, "starts_at", "in-the-past")]
    assert "late_entry" in report.refused[0].message


@pytest.mark.parametrize("at", ["2026-12-10 14:00", "2026-12-11 14:00"])
def test_a_meeting_that_was_cancelled_here_and_is_still_listed_is_refused_aloud(
    world: World, at: str
) -> None:
    posted = post(world, kind="review", starts_at="2026-12-10T14:00:00Z")
    world.client.post(f"{posted.url}/cancel", json={"reason": "not-needed"})
    world.settle()
    before = len(world.events())
    report = taken(world, file_of(row(1, starts_at=at)))
    assert counts(report) == (1, 0, 0, 0)
    assert faults(report) == [(2, "conference_id", "cancelled-here")]
    assert len(world.events()) == before


def test_a_meeting_cancelled_in_error_stands_again_when_it_is_listed_and_the_report_says_so(
    world: World,
) -> None:
    posted = post(world, kind="review", starts_at="2026-12-10T14:00:00Z")
    world.client.post(f"{posted.url}/cancel", json={"reason": "error"})
    world.settle()
    report = taken(world, file_of(row(1, starts_at="2026-12-11 14:00")))
    assert (counts(report), report.refused) == ((1, 0, 1, 0), ())
    assert [(w.line, w.code) for w in report.warnings] == [(2, "reinstated")]
    stands = world.client.get(posted.url).json()
    assert (stands["status"], stands["children"][0]["status"]) == ("scheduled", "scheduled")
    last = world.events("conference.scheduled")[-1].data
    assert (str(last.conference_ref), last.cancelled_because) == (posted.conference, None)
    assert last.starts_at.day == 11
    assert counts(taken(world, file_of(row(1, starts_at="2026-12-11 14:00")))) == (1, 0, 0, 1)


def test_children_left_behind_by_a_list_are_warned_of_until_they_are_on_it_again(
    world: World,
) -> None:
    three = [row(1), row(1, la_child_id="A2"), row(1, la_child_id="A3")]
    taken(world, file_of(*three))
    url = f"/v1/conferences/{world.events('meeting.arranged')[0].data.meeting_ref}"
    world.client.post(f"{url}/cancel", json={"reason": "error"})
    expected = [(2, "reinstated"), (2, "left-cancelled")]
    trial = taken(world, file_of(three[0]), dry_run=True)
    report = taken(world, file_of(three[0]))
    assert warned(trial) == warned(report) == expected
    (told,) = (w.message for w in report.warnings if w.code == "left-cancelled")
    assert told.startswith("2 children who were on this meeting")
    assert warned(taken(world, file_of(three[0]))) == [(2, "left-cancelled")]
    (told,) = (w.message for w in taken(world, file_of(*three[:2])).warnings if "left" in w.code)
    assert told.startswith("1 child who was on this meeting")
    assert world.client.post(f"{url}/reinstate").status_code == 200
    assert warned(taken(world, file_of(*three))) == []
    seats = world.client.get(url).json()["children"]
    assert {seat["status"] for seat in seats} == {"scheduled"}


def test_a_family_not_known_to_be_informed_is_warned_of_once_a_meeting_until_it_is(
    world: World,
) -> None:
    header = f"{HEADER},family_informed_on"
    rows = [row(1), row(1, la_child_id="A2"), row(2), row(3, starts_at="2026-11-23 08:00")]
    unknown = "\n".join((header, *(f"{one}," for one in rows), "")).encode()
    codes = [(w.line, w.column, w.code) for w in taken(world, unknown).warnings]
    column = "family_informed_on"
    assert codes == [(2, column, "family-not-informed"), (4, column, "family-not-informed")]
    known = "\n".join((header, *(f"{one},2026-11-20" for one in rows[:2]), "")).encode()
    assert taken(world, known).warnings == ()
    assert [w.line for w in taken(world, unknown).warnings] == [4]


def test_a_child_taken_off_in_error_and_listed_again_has_an_offer_again(tmp_path: Path) -> None:
    everybody = World(tmp_path / "all")
    siblings = file_of(row(1), row(1, la_child_id="A2"))
    taken(everybody, siblings)
    (seat, _) = everybody.events("conference.scheduled")
    path = f"/v1/conferences/{seat.data.meeting_ref}/children/{seat.data.child_ref}/cancel"
    assert everybody.client.post(path, json={"reason": "error"}).status_code == 200
    everybody.settle()
    (gone,) = everybody.events("offer.withdrawn")
    assert counts(taken(everybody, siblings)) == (2, 0, 1, 1)
    (back,) = everybody.events("offer.reopened")
    assert (back.data.offer_ref, back.data.status) == (gone.data.offer_ref, "standing")


def test_a_child_taken_off_stays_off_and_the_siblings_rows_go_in(world: World) -> None:
    siblings = [row(1), row(1, la_child_id="A2")]
    taken(world, file_of(*siblings))
    (seat, _) = world.events("conference.scheduled")
    path = f"/v1/conferences/{seat.data.meeting_ref}/children/{seat.data.child_ref}/cancel"
    assert world.client.post(path, json={"reason": "removed"}).status_code == 200
    late = [one.replace("14:00", "15:00") for one in siblings]
    report = taken(world, file_of(*late))
    assert (counts(report), report.refused_rows) == ((2, 0, 1, 0), 1)
    assert [fault[1:] for fault in faults(report)] == [("conference_id", "cancelled-here")]
    assert said(world).count("conference.rescheduled") == 1


def test_a_meeting_that_was_held_takes_its_old_row_and_refuses_the_child_taken_off_in_error(
    world: World,
) -> None:
    siblings = [row(1), row(1, la_child_id="A2")]
    taken(world, file_of(*siblings))
    (seat, _) = world.events("conference.scheduled")
    url = f"/v1/conferences/{seat.data.meeting_ref}"
    world.client.post(f"{url}/children/{seat.data.child_ref}/cancel", json={"reason": "error"})
    world.advance(world.now.replace(month=12, day=20))
    held = world.client.post(f"{url}/held", json={"held_at": "2026-12-10T14:05:00Z"})
    assert held.status_code == 200
    report = taken(world, file_of(*siblings))
    assert (counts(report), report.refused_rows) == ((2, 0, 0, 1), 1)
    assert [fault[1:] for fault in faults(report)] == [("conference_id", "cancelled-here")]


def test_the_child_of_a_conference_that_was_to_come_before_the_birth_is_listed_for_the_next(
    world: World,
) -> None:
    unborn = row(1, kind="pre_birth", starts_at="2026-11-30 10:00", date_of_birth="")
    header = f"{HEADER},expected_birth_on"
    first = f"{header}\n{unborn},2026-12-05\n".encode()
    assert counts(taken(world, first)) == (1, 1, 0, 0)
    world.advance(world.now.replace(month=12, day=14))
    born = row(2, la_child_id="A1", starts_at="2026-12-20 10:00", date_of_birth="2026-12-06")
    report = taken(world, file_of(row(3, starts_at="2026-12-19 10:00"), born, row(4)))
    assert counts(report) == (3, 2, 0, 0)
    ages = {e.data.age_years for e in world.events("conference.changed")}
    assert (ages, faults(report)) == ({None}, [(4, "starts_at", "in-the-past")])


def test_a_place_no_policy_covers_is_refused_by_its_name_and_the_other_rows_go_in(
    world: World,
) -> None:
    report = taken(world, file_of(row(1, authority="S12000033"), row(2)))
    assert counts(report) == (2, 1, 0, 0)
    assert faults(report) == [(2, "authority", "policy-unknown")]
    assert "S12000033" in report.refused[0].message


def test_a_fault_of_ours_refuses_its_own_row_and_the_report_still_comes(world: World) -> None:
    taken(world, file_of(row(2)))
    break_vault = "UPDATE meetings SET private = 'not sealed'"
    world.desk("exchange").run(lambda work: work.sql.run(break_vault))
    report = taken(world, file_of(row(1), row(2), row(3)))
    assert counts(report) == (3, 2, 0, 0)
    assert faults(report) == [(3, "", "internal")]


def test_a_database_that_goes_away_in_the_middle_leaves_a_report_of_what_went_in(
    world: World,
) -> None:
    desk = GoesAway(world.desk("exchange"), after=2)
    report = import_conferences(desk, file_of(row(1), row(2), row(3), row(4)), dry_run=False)
    assert counts(report) == (4, 2, 0, 0)
    assert faults(report) == [(4, "", "store-unavailable"), (5, "", "store-unavailable")]
    assert desk.asked == 3


class GoesAway(Desk[Exchange]):
    """A desk whose database stops answering after some commands."""

    def __init__(self, desk: Desk[Exchange], after: int) -> None:
        super().__init__(desk.service, desk.engine, desk.clock)
        self.after = after
        self.asked = 0

    def run(self, command: Callable[[Work[Exchange]], R], cause: Cause | None = None) -> R:
        self.asked += 1
        if self.asked > self.after:
            raise StoreUnavailable
        return super().run(command, cause)


@given(st.lists(st.sampled_from(range(6)), max_size=8))
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_row_is_counted_once_however_many_faults_it_has(
    world: World, kinds: list[int]
) -> None:
    changes: list[dict[str, str]] = [
        {},
        {"kind": "x", "given_name": "=1"},
        {"nhs_number": "1234567890", "la_child_id": "A 1"},
        {"starts_at": "2026-11-01 10:00"},
        {"starts_at": "31/12/9999 10:00", "authority": "S12000033"},
        {"conference_id": "C0", "la_child_id": "A0"},
    ]
    data = file_of(*(row(number, **changes[kind]) for number, kind in enumerate(kinds, 1)))
    report = taken(world, data)
    assert report.rows == sum((*counts(report)[1:], report.refused_rows)) == len(kinds)


def test_a_row_that_is_gone_is_listed_as_absent_and_never_cancelled(world: World) -> None:
    taken(world, file_of(row(1), row(1, la_child_id="A2"), row(3), row(4, authority="E08000039")))
    later = taken(world, file_of(row(1), row(3, kind="annual")))
    assert len(later.absent) == 1
    (absent,) = later.absent
    (gone,) = (
        e
        for e in world.events("conference.scheduled")
        if e.data.conference_ref == absent.conference_ref
    )
    children = {e.data.child_ref for e in world.events("child.registered")}
    assert gone.data.child_ref in children
    assert (absent.authority, absent.kind) == ("E09000020", "review")
    assert (absent.meeting_ref, absent.starts_at) == (gone.data.meeting_ref, gone.data.starts_at)
    assert "conference.cancelled" not in said(world)


def test_the_report_and_its_refusals_repeat_nothing_of_a_child(world: World) -> None:
    rows = [row(1, given_name="=CANARY"), row(2, la_child_id="CANARY ID"), "CANARY,CANARY"]
    assert "CANARY" not in repr(taken(world, file_of(*rows)))


@pytest.mark.parametrize("form", [False, True])
def test_the_api_takes_the_file_as_body_or_as_a_form(world: World, *, form: bool) -> None:
    data = file_of(row(1), row(2, kind="x"))
    sent: dict[str, Any] = (
        {"files": {"file": ("list.csv", data, "text/csv")}}
        if form
        else {"content": data, "headers": {"Content-Type": "text/csv"}}
    )
    trial = world.client.post("/v1/conferences/import?dry_run=true", **sent)
    assert trial.status_code == 200
    answer = world.client.post("/v1/conferences/import", **sent).json()
    assert (answer["rows"], answer["created"], answer["ignored_columns"]) == (2, 1, [])
    assert answer["refused"] == [
        {
            "line": 3,
            "column": "kind",
            "code": "unknown-code",
            "message": "This is none of: initial, review, transfer-in, pre-birth.",
        }
    ]
    assert answer == {**trial.json()}


def hand_in(world: World, key: str, data: bytes) -> httpx2.Response:
    """Hand a file in by a form, whose boundary is another each time."""
    return world.client.post(
        "/v1/conferences/import",
        files={"file": ("list.csv", data, "text/csv")},
        headers={"Idempotency-Key": key},
    )


def test_a_file_handed_in_again_under_its_key_undoes_nothing_newer(world: World) -> None:
    at_two, at_three = (file_of(row(1, starts_at=f"2026-12-10 {hour}:00")) for hour in (14, 15))
    first = hand_in(world, "list-of-monday", at_two)
    assert hand_in(world, "list-of-tuesday", at_three).json()["changed"] == 1

    again = hand_in(world, "list-of-monday", at_two)

    assert again.content == first.content
    assert again.headers["Idempotent-Replay"] == "true"
    assert hand_in(world, "another", at_three).json()["unchanged"] == 1
    assert hand_in(world, "list-of-monday", at_three).status_code == 409


def test_a_file_the_database_was_away_for_is_taken_under_its_key_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_away(*_: object) -> None:
        raise StoreUnavailable

    with monkeypatch.context() as away:
        away.setattr(conference_files, "take_in", is_away)
        refused = hand_in(world, "list-of-monday", file_of(row(1)))
    assert [each["code"] for each in refused.json()["refused"]] == ["store-unavailable"]
    assert hand_in(world, "list-of-monday", file_of(row(1))).json()["created"] == 1


@pytest.mark.parametrize("form", [False, True])
def test_a_file_of_twenty_megabytes_is_refused_in_one_sentence(world: World, *, form: bool) -> None:
    data = b"x" * (2 * MAX_BYTES)
    sent: dict[str, Any] = {"files": {"file": data}} if form else {"content": data}
    answer = world.client.post("/v1/conferences/import", **sent)
    assert (answer.status_code, answer.json()["code"]) == (413, "file-too-large")


def test_a_form_without_a_file_says_so(world: World) -> None:
    answer = world.client.post("/v1/conferences/import", files={"other": b"x"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/file")
