"""What referral shows on `/metrics`, read from its tables when it is asked for.

What waits for somebody, and never how children answered: a counter that ticks reveals whose answer
it was.
"""

from collections.abc import Iterator
from typing import Final

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from services.chassis.desk import Desk
from services.referral.settings import Referral
from services.referral.storage.repositories import Standing, standing

SENTENCES: Final = {
    "alongside_referral_untold": "Offers whose child was not told by the time of the policy.",
    "alongside_referral_unmet": "Children for whom an advocate is sought and not found yet.",
    "alongside_referral_unmet_alarmed": "Those of them whose conference is near.",
    "alongside_referral_undecided": "Offers that wait for a person to say how they go on.",
    "alongside_referral_bonds": "Bonds of a child's conference with an advocate.",
}


def collect(desk: Desk[Referral]) -> Iterator[Metric]:
    """Yield the gauges."""
    now: Standing = desk.read(standing)
    for name, sentence in SENTENCES.items():
        gauge = GaugeMetricFamily(name, sentence)
        gauge.add_metric([], getattr(now, name.removeprefix("alongside_referral_")))
        yield gauge
