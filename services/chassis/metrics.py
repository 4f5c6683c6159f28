"""The figures every service has on `/metrics`, read from its database when they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prometheus_client.core import GaugeMetricFamily

from services.chassis.standing import standing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prometheus_client import Metric

    from services.chassis.desk import Desk

SENTENCES = {
    "unsent": "Events that were said and not yet acknowledged by the bus.",
    "oldest_unsent_s": "Age of the oldest of them in seconds.",
    "waiting": "Events that came before what they need.",
    "oldest_waiting_s": "Age of the oldest of them in seconds.",
    "due_late": "Work for later whose time has come and that is not done.",
    "dead_letters": "Events laid aside that wait for a person.",
    "holes": "Sequences that never came.",
}


class StandingCollector:
    """Collects how each service of this process stands."""

    def __init__(self, desks: Sequence[Desk[Any]]) -> None:
        self._desks = desks
        self._own = [(desk.service.api().collect, desk) for desk in desks]

    def collect(self) -> Iterator[Metric]:
        """Yield the gauges, labelled by service."""
        stands = {
            desk.service.name: standing(desk.engine, desk.clock.now()) for desk in self._desks
        }
        for name, sentence in SENTENCES.items():
            family = GaugeMetricFamily(f"alongside_{name}", sentence, labels=["service"])
            for service, stand in stands.items():
                family.add_metric([service], getattr(stand, name))
            yield family
        for collect, desk in self._own:
            yield from collect(desk)
