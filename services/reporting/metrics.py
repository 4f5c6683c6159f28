"""What reporting shows on `/metrics`, read from its tables when it is asked for.

Nothing by authority: a counter that ticks for one place reveals whose answer it was.
"""

from collections.abc import Iterator
from typing import Final

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from services.chassis.desk import Desk
from services.chassis.work import Work
from services.reporting.settings import Reporting
from services.reporting.storage.repositories import Of, count_alarms, count_events, count_late

SENTENCES: Final = {
    "alongside_reporting_events": "Events in the log, by type.",
    "alongside_reporting_log_size": "Events in the log, of all types.",
    "alongside_reporting_content_alarms": "Events that came again with other content.",
    "alongside_reporting_late": "Children's conferences that wait for somebody, by reason.",
}


def collect(desk: Desk[Reporting]) -> Iterator[Metric]:
    """Yield the gauges."""
    events, alarms, late = desk.read(_measured)
    yield _gauge("alongside_reporting_events", "type", events)
    yield _gauge("alongside_reporting_log_size", None, {"": sum(events.values())})
    yield _gauge("alongside_reporting_content_alarms", None, {"": alarms})
    yield _gauge("alongside_reporting_late", "reason", late)


def _measured(work: Work[Reporting]) -> tuple[dict[str, int], int, dict[str, int]]:
    return count_events(work, Of()), count_alarms(work), count_late(work, None, work.now)[0]


def _gauge(name: str, label: str | None, values: dict[str, int]) -> Metric:
    gauge = GaugeMetricFamily(name, SENTENCES[name], labels=[label] if label else [])
    for labelled, value in values.items():
        gauge.add_metric([labelled] if label else [], value)
    return gauge
