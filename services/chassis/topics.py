"""The topics of an installation: their names, their genesis records, and who they belong to."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from services.chassis.bus import Message, TopicSpec
from services.chassis.envelope import GENESIS
from services.contracts.catalogue import TOPICS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from services.chassis.bus import Bus

AGENCY_PARTITIONS = 1
"""An agency's feed is one order of its own."""


def specs(prefix: str) -> list[TopicSpec]:
    """List the topics every installation has."""
    return [
        TopicSpec(f"{prefix}.{name}", topic.partitions) for name, topic in sorted(TOPICS.items())
    ]


def spec_of(full_name: str, prefix: str) -> TopicSpec:
    """Say how a topic must be made, agencies' topics included."""
    known = TOPICS.get(full_name.removeprefix(f"{prefix}."))
    return TopicSpec(full_name, known.partitions if known else AGENCY_PARTITIONS)


def own_topic(service: str, prefix: str) -> str | None:
    """Return the full name of the topic that is a service's own; None where it has none."""
    owned = (name for name, topic in TOPICS.items() if topic.producer == service)
    return next((f"{prefix}.{name}" for name in owned), None)


def stamp_of(full_name: str, prefix: str, now: datetime) -> int | None:
    """Say when the log is to think that a record was written; None leaves it to the log.

    On an agency's topic that is the day: two agencies could match their feeds by the milliseconds.
    """
    if not full_name.startswith(f"{prefix}.agency."):
        return None
    day = datetime.combine(now.astimezone(UTC), time(), UTC)
    return int(day.timestamp()) * 1000


def genesis(installation: str) -> Callable[[TopicSpec, int], Message]:
    """Make the first record of a partition: it names the installation, and keeps offset 0 busy.

    A consumer group never starts at a committed offset of 0: Faust switches its check off there.
    """

    def message(spec: TopicSpec, partition: int) -> Message:
        headers = (
            ("ce_specversion", b"1.0"),
            ("ce_id", f"{installation}-{spec.name}-{partition}".encode()),
            ("ce_type", GENESIS.encode()),
            ("ce_source", f"/installations/{installation}".encode()),
            ("content-type", b"application/json"),
        )
        return Message(spec.name, b"genesis", headers, b"{}", partition)

    return message


def provision(bus: Bus, wanted: Sequence[TopicSpec], installation: str) -> Sequence[str]:
    """Create what is missing; return the names of what was created."""
    admin = bus.admin()
    try:
        return admin.provision(wanted, genesis(installation))
    finally:
        admin.close()
