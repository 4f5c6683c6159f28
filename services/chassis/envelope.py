"""CloudEvents 1.0 in Kafka's binary mode: headers and bytes in, a typed event out, and back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from services.chassis.errors import Refused

if TYPE_CHECKING:
    from services.chassis.bus import Headers
    from services.contracts.catalogue import EventType

E_co = TypeVar("E_co", bound=BaseModel, covariant=True)

GENESIS = "alongside.genesis"
"""The `ce_type` of the first record of each partition; its source names the installation."""

MAX_BYTES = 900_000
"""What any topic takes (Kafka's default is 1 MiB with headers)."""

_TEXT_LIMIT = 120
"""What a column for a code holds."""

_CHAIN_LIMIT = 200
"""A cause may be written as an id and what came of it; it is only ever passed on."""

_YEARS = range(1990, 2101)
"""When something can have happened: far enough from where an instant overflows."""


@dataclass(frozen=True, slots=True)
class Head:
    """What the headers of an event say, before its data are looked at."""

    id: str
    type: str
    source: str
    subject: str
    time: datetime
    sequence: int
    correlation_id: str
    causation_id: str | None


@dataclass(frozen=True, slots=True)
class Happened(Generic[E_co]):
    """An event that arrived.

    `type` is `<entity>.<verb>`; `time` is domain time, aware; `sequence` counts per topic and key.
    """

    id: str
    type: str
    time: datetime
    subject: str
    sequence: int
    source: str
    correlation_id: str
    causation_id: str | None
    data: E_co


def headers_of(head: Head) -> Headers:
    """Write the headers of an event."""
    return tuple((name, text.encode()) for name, text in header_texts(head))


def header_texts(head: Head) -> list[tuple[str, str]]:
    """Write the headers of an event as text."""
    pairs = [
        ("ce_specversion", "1.0"),
        ("ce_id", head.id),
        ("ce_type", head.type),
        ("ce_source", head.source),
        ("ce_subject", head.subject),
        ("ce_time", head.time.astimezone(UTC).isoformat().replace("+00:00", "Z")),
        ("ce_sequence", str(head.sequence)),
    ]
    if head.correlation_id:
        pairs.append(("ce_correlationid", head.correlation_id))
    if head.causation_id:
        pairs.append(("ce_causationid", head.causation_id))
    pairs.append(("content-type", "application/json"))
    return pairs


def head_from(headers: Headers) -> Head:
    """Read the headers of an event.

    Raises:
        Refused: they are not those of a CloudEvent of ours.
    """
    try:
        named = {name: value.decode() for name, value in headers if name.startswith("ce_")}
    except UnicodeDecodeError as error:
        raise Refused("not-cloudevents", "a header is not UTF-8") from error
    if named.get("ce_specversion") != "1.0":
        raise Refused("not-cloudevents", "ce_specversion is not 1.0")
    try:
        head = Head(
            id=named["ce_id"],
            type=named["ce_type"],
            source=named["ce_source"],
            subject=named["ce_subject"],
            time=datetime.fromisoformat(named["ce_time"]),
            sequence=int(named["ce_sequence"]),
            correlation_id=named.get("ce_correlationid", ""),
            causation_id=named.get("ce_causationid"),
        )
    except KeyError as error:
        raise Refused("not-cloudevents", f"the header {error.args[0]} is missing") from error
    except ValueError as error:
        raise Refused("not-cloudevents", "ce_time or ce_sequence cannot be read") from error
    _check(head)
    return head


def _check(head: Head) -> None:
    named = (head.id, head.type, head.source, head.subject)
    chain = (head.correlation_id, head.causation_id or "")
    if not (_is_printable_ascii("".join((*named, *chain))) and _have_room(named, chain)):
        raise Refused("not-cloudevents", "a header is empty, too long or not printable ASCII")
    if head.time.tzinfo is None:
        raise Refused("not-cloudevents", "ce_time has no zone")
    if head.time.year not in _YEARS:
        raise Refused("not-cloudevents", "ce_time is out of range")
    if not 0 < head.sequence < 2**62:
        raise Refused("not-cloudevents", "ce_sequence is out of range")


def is_plain(text: str) -> bool:
    """Say whether every column for a code can hold this text."""
    return 0 < len(text) <= _TEXT_LIMIT and _is_printable_ascii(text)


def _is_printable_ascii(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _have_room(named: tuple[str, ...], chain: tuple[str, ...]) -> bool:
    lengths = tuple(map(len, named))
    return (
        0 < min(lengths) <= max(lengths) <= _TEXT_LIMIT and len(max(chain, key=len)) <= _CHAIN_LIMIT
    )


def data_from(kind: EventType, value: bytes | None) -> BaseModel:
    """Read the data of an event; fields we do not know are ignored.

    Raises:
        Refused: the data break the contract; the detail names fields and rules, never values.
    """
    try:
        return kind.model.model_validate_json(value or b"", extra="ignore")
    except ValidationError as error:
        problems = error.errors(include_input=False, include_context=False, include_url=False)
        fields = sorted({".".join(str(part) for part in p["loc"][:1]) or "data" for p in problems})
        known = [name for name in fields if name in kind.model.model_fields or name == "data"]
        where = ", ".join(known) or "an unknown field"
        raise Refused("breaks-contract", f"{where}: {problems[0]['type']}") from None


def happened(kind: EventType, head: Head, data: BaseModel) -> Happened[BaseModel]:
    """Put head and data together."""
    return Happened(
        id=head.id,
        type=kind.name,
        time=head.time,
        subject=head.subject,
        sequence=head.sequence,
        source=head.source,
        correlation_id=head.correlation_id,
        causation_id=head.causation_id,
        data=data,
    )
