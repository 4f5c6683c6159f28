"""What waited in a database of before is still asked for after its upgrade."""

from pathlib import Path

from sqlalchemy import Connection

from services.chassis.database import open_database, writing
from services.chassis.migrations import revisions_of, upgrade
from services.chassis.revisions import run_revisions
from services.chassis.sql import Sql

BEFORE = "0005"
OFFER = (
    "INSERT INTO offers_seen (offer_ref, conference_ref, said_no, seen_version, ended, version)"
    " VALUES (?, ?, ?, 1, ?, 1)"
)
MESSAGE = (
    "INSERT INTO messages (message_ref, child_ref, conference_ref, purpose, recipient_role, page,"
    " happened_at, not_before, status, channel, reason, version)"
    " VALUES (?, 'c', ?, ?, 'social-worker', '/', '2026-11-01', '2026-11-23', ?, 'none', ?, 1)"
)


def revisions_before(folder: Path) -> Path:
    """Return a copy of the exchange's revisions without those that came after."""
    versions = folder / "versions"
    versions.mkdir(parents=True)
    for path in (revisions_of("exchange") / "versions").glob("*.py"):
        if path.name.partition("_")[0] <= BEFORE:
            (versions / path.name).write_text(path.read_text())
    return folder


def as_it_was(connection: Connection) -> None:
    sql = Sql(connection)
    for ref, said_no, ended in (("o1", False, False), ("o2", True, False), ("o3", False, True)):
        sql.run(OFFER, (ref, f"conference of {ref}", said_no, ended))
    family, objection = "family-not-informed", "check-objection"
    sql.run(MESSAGE, ("m1", "conference of o1", "explain-offer", "waiting", family))
    sql.run(MESSAGE, ("m2", "conference of o1", objection, "waiting", None))
    sql.run(MESSAGE, ("m3", "conference of o2", objection, "sent", None))


def test_an_upgrade_keeps_what_messages_waited_for_and_how_offers_were_treated(
    tmp_path: Path,
) -> None:
    engine = open_database("exchange", tmp_path, None)
    run_revisions(engine, revisions_before(tmp_path / "before"))
    with writing(engine) as connection:
        as_it_was(connection)
    upgrade(engine, "exchange")
    with writing(engine) as connection:
        sql = Sql(connection)
        offers = sql.rows("SELECT status, told, objection FROM offers_seen ORDER BY offer_ref")
        waits = sql.rows("SELECT may_be_told_since FROM messages ORDER BY message_ref")
    engine.dispose()
    assert [tuple(row) for row in offers] == [
        ("standing", "not-known", "open"),
        ("declined", "not-known", "none"),
        ("lapsed", "not-known", "none"),
    ]
    assert [since for (since,) in waits] == ["2026-11-23", None, None]
