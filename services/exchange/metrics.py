"""What the exchange shows on `/metrics`, read from its tables when it is asked for.

Nothing by authority, child or person: a figure that ticks for one place reveals who it was.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from services.chassis.desk import Desk
from services.chassis.work import Work
from services.exchange.settings import Exchange
from services.exchange.storage import queries

SENTENCES: Final = {
    "alongside_exchange_messages": "Messages to people, by how they stand.",
    "alongside_exchange_messages_withheld": "Messages held back at the exit, by the reason.",
    "alongside_exchange_feed_entries": "Events that were cut for partner agencies, by agency.",
    "alongside_exchange_disclosures": "Times something left the vault, by what it was.",
}


def collect(desk: Desk[Exchange]) -> Iterator[Metric]:
    """Yield the gauges."""
    counts = desk.read(_counts)
    for (name, label), values in counts.items():
        gauge = GaugeMetricFamily(name, SENTENCES[name], labels=[label])
        for labelled, value in values.items():
            gauge.add_metric([labelled], value)
        yield gauge


def _counts(work: Work[Exchange]) -> dict[tuple[str, str], Mapping[str, int]]:
    messages = {status.value: n for status, (n, _) in queries.message_counts(work).items()}
    return {
        ("alongside_exchange_messages", "status"): messages,
        ("alongside_exchange_messages_withheld", "reason"): queries.withheld_counts(work),
        ("alongside_exchange_feed_entries", "agency"): queries.feed_lengths(work),
        ("alongside_exchange_disclosures", "what"): queries.disclosure_counts(work),
    }
