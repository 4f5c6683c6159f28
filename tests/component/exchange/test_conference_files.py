"""A conference list goes in by API and command: good rows in, bad rows named, nothing twice."""

from typing import Any

import pytest

from services.exchange.domain.csv_table import MAX_BYTES
from services.exchange.handlers.conference_files import ImportReport, import_conferences
from tests.component.exchange.story import post, said
from tests.harness import World

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


def test_a_meeting_that_was_cancelled_is_not_moved_by_a_file(world: World) -> None:
    posted = post(world, kind="review", starts_at="2026-12-10T14:00:00Z")
    world.client.post(f"{posted.url}/cancel", json={"reason": "not-needed"})
    same = taken(world, file_of(row(1)))
    assert counts(same) == (1, 0, 0, 1)
    moved = taken(world, file_of(row(1, starts_at="2026-12-11 14:00")))
    assert [(r.line, r.code) for r in moved.refused] == [(2, "after-cancelled")]


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
            "message": "This is not a code of the list.",
        }
    ]
    assert answer == {**trial.json()}


@pytest.mark.parametrize("form", [False, True])
def test_a_file_of_twenty_megabytes_is_refused_in_one_sentence(world: World, *, form: bool) -> None:
    data = b"x" * (2 * MAX_BYTES)
    sent: dict[str, Any] = {"files": {"file": data}} if form else {"content": data}
    answer = world.client.post("/v1/conferences/import", **sent)
    assert (answer.status_code, answer.json()["code"]) == (413, "file-too-large")


def test_a_form_without_a_file_says_so(world: World) -> None:
    answer = world.client.post("/v1/conferences/import", files={"other": b"x"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/file")
