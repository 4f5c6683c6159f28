"""The ledger of disclosures: who was told or shown what about whom, and why; only added to."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.chassis.work import Work
from services.exchange.storage.tables import LEDGER

_SHOWN = ("at", "who", "what", "why")


def note(work: Work[Any], who: str, about_ref: UUID, what: str, why: str) -> None:
    """Write one disclosure down."""
    row = {"at": work.now, "who": who, "about_ref": about_ref, "what": what, "why": why}
    work.append(LEDGER, row)


def disclosures_about(work: Work[Any], about_ref: UUID) -> list[dict[str, str]]:
    """Return who was told what about someone, in the order it was told."""
    statement = select(LEDGER).where(LEDGER.c.about_ref == str(about_ref))
    rows = work.query(statement.order_by(LEDGER.c.number))
    return [{name: str(row._mapping[name]) for name in _SHOWN} for row in rows]  # noqa: SLF001
