"""What a service says, in the same transaction as what it does; the relay sends it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from services.chassis.envelope import MAX_BYTES, Head, header_texts
from services.chassis.storage import moment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pydantic import BaseModel

    from services.chassis.sql import Sql
    from services.chassis.staging import Staging
    from services.chassis.work import Cause, Speaker
    from services.contracts.catalogue import EventType


@dataclass(slots=True)
class _Unsaid:
    topic: str
    head: Head
    value: bytes


class Outbox:
    """Collects the events of one transaction; sequences are given when it is flushed."""

    def __init__(self, sql: Sql, staging: Staging, speaker: Speaker, now: datetime) -> None:
        self._sql = sql
        self._staging = staging
        self._speaker = speaker
        self._now = now
        self._said_at = moment(now)
        self._unsaid: list[_Unsaid] = []

    def say(self, kind: EventType, identifier: str, data: BaseModel, cause: Cause) -> None:
        """Add an event of the catalogue."""
        head = Head(
            id=identifier,
            type=kind.ce_type,
            source=f"/services/{self._speaker.service}",
            subject=str(getattr(data, kind.key)),
            time=self._now,
            sequence=0,
            correlation_id=cause.correlation_id,
            causation_id=cause.id,
        )
        self._add(_Unsaid(self._speaker.topic(kind.topic), head, data.model_dump_json().encode()))

    def say_raw(
        self, topic: str, envelope: tuple[str, str, str, datetime, int], value: bytes
    ) -> None:
        """Add an event whose envelope is given: id, type, subject, time, sequence."""
        identifier, kind, subject, time, sequence = envelope
        source = f"/services/{self._speaker.service}"
        self._add(
            _Unsaid(topic, Head(identifier, kind, source, subject, time, sequence, "", None), value)
        )

    def _add(self, unsaid: _Unsaid) -> None:
        if len(unsaid.value) > MAX_BYTES:
            message = f"{unsaid.head.type} has {len(unsaid.value)} bytes: more than a topic takes"
            raise ValueError(message)
        self._unsaid.append(unsaid)
        self._staging.on_undo(self._unsaid.pop)

    def flush(self) -> None:
        """Write the rows; an id that is already in the outbox was said and is left out."""
        if not self._unsaid:
            return
        said = {
            row[0]
            for row in self._sql.select("outbox", ("id",), "id", (u.head.id for u in self._unsaid))
        }
        fresh = [unsaid for unsaid in self._unsaid if unsaid.head.id not in said]
        last = self._last_sequences(fresh)
        rows = [self._row(unsaid, last) for unsaid in fresh]
        self._sql.upsert(
            "sequences",
            ("topic", "key"),
            [{"topic": t, "key": k, "sequence": n} for (t, k), n in sorted(last.items())],
        )
        self._sql.insert("outbox", rows)
        self._unsaid.clear()

    def _last_sequences(self, fresh: Sequence[_Unsaid]) -> dict[tuple[str, str], int]:
        keys = {(unsaid.topic, unsaid.head.subject) for unsaid in fresh}
        last = dict.fromkeys(keys, 0)
        columns = ("topic", "key", "sequence")
        for topic, key, sequence in self._sql.pairs(
            "sequences", columns, ("topic", "key"), keys, lock=True
        ):
            last[topic, key] = sequence
        return last

    def _row(self, unsaid: _Unsaid, last: dict[tuple[str, str], int]) -> dict[str, Any]:
        key = (unsaid.topic, unsaid.head.subject)
        sequence = unsaid.head.sequence or last[key] + 1
        last[key] = sequence
        head = unsaid.head
        numbered = replace(head, sequence=sequence)
        return {
            "id": head.id,
            "topic": unsaid.topic,
            "key": head.subject,
            "sequence": sequence,
            "headers": json.dumps(header_texts(numbered)),
            "value": unsaid.value,
            "said_at": self._said_at,
        }
