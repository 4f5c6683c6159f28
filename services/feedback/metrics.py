"""What feedback shows on `/metrics`, read from its tables when it is asked for.

Nothing by authority or conference: a figure that ticks for one place reveals whose view it was.
"""

from collections.abc import Iterator
from typing import Final

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from services.chassis.desk import Desk
from services.feedback.settings import Feedback
from services.feedback.storage.repositories import count_views

SENTENCES: Final = {
    "alongside_feedback_child_views": "Children's views, by how far they have come.",
}


def collect(desk: Desk[Feedback]) -> Iterator[Metric]:
    """Yield the gauges."""
    name = "alongside_feedback_child_views"
    gauge = GaugeMetricFamily(name, SENTENCES[name], labels=["status"])
    for status, count in desk.read(count_views).items():
        gauge.add_metric([status], count)
    yield gauge
