"""Whether a service's database knows what the service has said: older or empty, it must not run.

A service commits before it sends, so whatever of its own lies on its topic lies in its outbox as
well. Where it does not, the database is an older one or a new one: its sequences would be given
twice, and everybody else knows of children whom this service has forgotten.

Up to the record that the database knows to be acknowledged nothing is missing: what lies there
besides was written by somebody else.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import inspect

from services.chassis import topics
from services.chassis.bus import Partition
from services.chassis.database import open_database, reading
from services.chassis.envelope import data_from, head_from
from services.chassis.errors import BusUnavailable, Misconfigured, Refused, StoreUnavailable
from services.chassis.sql import Sql
from services.contracts.catalogue import by_ce_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from services.chassis.bus import Bus, Record
    from services.chassis.service import Service

_MARKED: Final = "SELECT topic_id, partition, log_offset FROM marked WHERE topic = ?"

LOOK_BACK: Final = 50
"""How many records of each partition are looked at: what was said last is what is missing."""


def require_own_past(service: str, prefix: str, engine: Engine, bus: Bus) -> None:
    """Check that the newest events of a service on its topic are in its outbox.

    Raises:
        Misconfigured: the database lacks what was said.
        BusUnavailable: the broker did not answer.
        StoreUnavailable: the database did not.
    """
    topic = topics.own_topic(service, prefix)
    if topic is None:
        return
    if not inspect(engine).has_table("outbox"):
        return  # nothing is accepted either
    newest = list(_newest(topic, bus))
    with reading(engine) as connection:
        sql = Sql(connection)
        known_up_to = {(row[0], row[1]): row[2] for row in sql.rows(_MARKED, (topic,))}
        said = {
            found
            for record in newest
            if record.offset > known_up_to.get((record.topic_id, record.partition), -1)
            and (found := _own_event_in(record, service)) is not None
        }
        known = {row[0] for row in sql.select("outbox", ("id",), "id", said)}
    if said - known:
        message = (
            f"the database of {service} is missing, or older than what {service} has said on"
            f" {topic}: put the newest one back; nothing was changed"
            " (docs/operating.md, A service does not know what it has said)"
        )
        raise Misconfigured(message)


def require_known_own_past(service: Service[Any], bus: Bus) -> None:
    """Check it before anything is accepted, as far as bus and database answer now.

    Raises:
        Misconfigured: the database lacks what was said.
    """
    settings = service.settings
    engine = open_database(service.name, settings.data, settings.postgres)
    try:
        with suppress(BusUnavailable, StoreUnavailable):  # its worker looks once more
            require_own_past(service.name, settings.topic_prefix, engine, bus)
    finally:
        engine.dispose()


def _own_event_in(record: Record, service: str) -> str | None:
    """Return the id of the event in a record that this service may have said; garbage is none."""
    with suppress(Refused):
        head = head_from(record.headers)
        kind = by_ce_type(head.type)
        if head.source != f"/services/{service}" or kind is None or kind.service != service:
            return None
        data_from(kind, record.value)
        return head.id if record.key == head.subject.encode() else None
    return None


def _newest(topic: str, bus: Bus) -> Iterator[Record]:
    admin, reader = bus.admin(), bus.reader()
    try:
        for state in admin.describe([topic]).values():
            for number, end in sorted(state.ends.items()):
                partition = Partition(topic, state.topic_id, number)
                for chunk in reader.read(partition, max(0, end - LOOK_BACK), end):
                    yield from chunk
    finally:
        admin.close()
        reader.close()
