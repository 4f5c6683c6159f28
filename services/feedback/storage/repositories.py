"""What feedback keeps, and what of it is published: that a view exists, never its words."""

import json
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, select

from services.chassis.aggregates import Aggregate
from services.chassis.work import Work
from services.contracts.feedback_events import ChildViewState
from services.feedback.domain.child_view import Approval, ChildView
from services.feedback.domain.conference import Conference
from services.feedback.domain.words import Words
from services.feedback.storage import tables


def _says(view: ChildView) -> ChildViewState:
    return ChildViewState(
        version=view.version,
        view_ref=view.view_ref,
        child_ref=view.child_ref,
        conference_ref=view.conference_ref,
        author=view.author,
        medium=view.medium,
        provenance=view.provenance,
        status=view.status,
        statements=len(view.statements),
        approved_for=view.approved_for,
        answer=view.answer,
        answer_reason=view.answer_reason,
        shared_at=view.shared_at,
        received_at=view.received_at,
        answered_at=view.answered_at,
        told_at=view.told_at,
        understood=view.understood,
    )


CONFERENCES: Final = Aggregate("conference", tables.CONFERENCES, Conference, "conference_ref")
CHILD_VIEWS: Final = Aggregate("child-view", tables.CHILD_VIEWS, ChildView, "view_ref", _says)
WORDS: Final = Aggregate("words", tables.WORDS, Words, "words_ref")


def note_approval(work: Work[Any], view_ref: UUID, said: Approval) -> None:
    """Write down what the child said about a statement, audience by audience, for ever."""
    for audience in sorted(said.granted | said.taken_back):
        row = {
            "view_ref": view_ref,
            "statement": said.statement,
            "audience": audience,
            "approved": audience in said.granted,
            "heard_from_child": said.heard_from_child,
            "at": work.now,
        }
        work.append(tables.APPROVALS, row)


def note_look(work: Work[Any], view_ref: UUID, looked_as: str, statements: list[int]) -> None:
    """Write down who looked at what, for ever."""
    row = {
        "view_ref": view_ref,
        "looked_as": looked_as,
        "statements": json.dumps(statements),
        "at": work.now,
    }
    work.append(tables.LOOKS, row)


def was_looked_at(work: Work[Any], view_ref: UUID) -> bool:
    """Tell whether anybody has read any of the child's words in this view."""
    looks = tables.LOOKS.c
    mine = (looks.view_ref == str(view_ref)) & (looks.statements != "[]")
    return bool(work.query(select(looks.number).where(mine).limit(1)))


def count_views(work: Work[Any]) -> dict[str, int]:
    """Count views by how far they have come."""
    status = tables.CHILD_VIEWS.c.status
    return _counted(work, select(status, func.count()).group_by(status))


def _counted(work: Work[Any], statement: Select[Any]) -> dict[str, int]:
    rows: list[tuple[Any, ...]] = [tuple(row) for row in work.query(statement)]
    return {str(name): int(count) for name, count in rows}
