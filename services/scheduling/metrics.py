"""What scheduling shows on `/metrics`, read from its tables when it is asked for.

Nothing by authority, advocate or child: a figure that ticks for one place reveals whose visit it
was.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from services.chassis.desk import Desk
from services.scheduling.settings import Scheduling
from services.scheduling.storage.repositories import count_late, count_visits, count_waiting

SENTENCES: Final = {
    "alongside_scheduling_visits": "Visits to children, by how they stand.",
    "alongside_scheduling_visits_late": "Open visits whose due day has passed, by kind.",
    "alongside_scheduling_visits_without_advocate": "Open visits that wait for an advocate.",
}


def collect(desk: Desk[Scheduling]) -> Iterator[Metric]:
    """Yield the gauges."""
    stand, late, waiting = desk.read(
        lambda work: (count_visits(work), count_late(work), count_waiting(work))
    )
    yield _gauge("alongside_scheduling_visits", "status", stand)
    yield _gauge("alongside_scheduling_visits_late", "kind", late)
    yield _gauge("alongside_scheduling_visits_without_advocate", None, {"": waiting})


def _gauge(name: str, label: str | None, values: Mapping[str, int]) -> Metric:
    gauge = GaugeMetricFamily(name, SENTENCES[name], labels=[label] if label else [])
    for labelled, value in values.items():
        gauge.add_metric([labelled] if label else [], value)
    return gauge
