"""Puts into words what an agency gets, and shows how it connects."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from services.chassis.web.wording import counted, day, sentence, words
from services.exchange.domain.agreement import Agreement, Terms
from services.exchange.domain.cut import Entry
from services.exchange.handlers.agencies import agreement_in_force
from services.exchange.handlers.context import ExchangeWork
from services.exchange.handlers.feed import topic_of
from services.exchange.storage.queries import last_entries
from services.exchange.storage.repositories import AGENCIES

SHOWN: Final = 50

_EXAMPLE: Final = """\
import json
from kafka import KafkaConsumer

TOPIC, BROKER = "{topic}", "{servers}"
seen: dict[str, int] = {{}}
for record in KafkaConsumer(TOPIC, bootstrap_servers=BROKER, auto_offset_reset="earliest"):
    head = {{name: value.decode() for name, value in record.headers}}
    subject, number = head.get("ce_subject", ""), int(head.get("ce_sequence", 0))
    if number > seen.get(subject, 0):
        print(head["ce_type"], subject, number, json.loads(record.value), flush=True)
        seen[subject] = number
"""


@dataclass(frozen=True, slots=True)
class FeedView:
    """What one agency gets; without an agreement in force that is nothing."""

    name: str
    agreement: str
    rows: Sequence[dict[str, object]]
    entries: Sequence[Entry]


def feed_view(work: ExchangeWork, agency_ref: str) -> FeedView:
    """Read an agency's agreement and the end of its feed.

    Raises:
        NotYet: there is no such agency.
    """
    agency = work.get(AGENCIES, agency_ref)
    agreement = agreement_in_force(work, agency)
    return FeedView(
        agency.name,
        _in_words(agency.name, agreement) if agreement else "",
        _rows(agreement.terms) if agreement else (),
        last_entries(work, agency_ref, SHOWN),
    )


def example(agency_ref: str, prefix: str, servers: str | None) -> str:
    """Write the consumer an agency can start with."""
    topic = f"{prefix}.{topic_of(agency_ref)}"
    return _EXAMPLE.format(topic=topic, servers=servers or "localhost:9092")


def _in_words(name: str, agreement: Agreement) -> str:
    terms = agreement.terms
    kinds = counted(len(terms.events), "kind of event", "kinds of event")
    return (
        f"{name} sees {kinds} about children of {', '.join(terms.authorities)}, "
        f"for {words(terms.purpose)}, until {day(terms.expires_on)}."
    )


def _rows(terms: Terms) -> list[dict[str, object]]:
    shown = {
        "Legal basis": sentence(terms.legal_basis),
        "From": day(terms.starts_on),
        "Until": day(terms.expires_on),
        "Events": ", ".join(_event(name) for name in terms.events),
        **{
            f"Of “{words(entity)}” it sees": ", ".join(_field(name) for name in fields)
            for entity, fields in terms.fields.items()
        },
        "May ask who a child is": ", ".join(words(each) for each in terms.resolve) or "No",
    }
    return [{"key": {"text": key}, "value": {"text": value}} for key, value in shown.items()]


def _field(name: str) -> str:
    return words(name.replace("_ref", "_reference"))


def _event(name: str) -> str:
    return words(name.replace(".", " "))
