"""`python -m benchmarks [referral|latency|day]`: without a name, all three."""

import argparse
import signal
import sys
from typing import Final

from benchmarks.day import day
from benchmarks.installation import ENGINES
from benchmarks.latency import latency
from benchmarks.referral import referral

_ENDED: Final = 143


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", nargs="?", choices=("referral", "latency", "day"))
    parser.add_argument("--events", type=int, default=6_000, help="how many, for `referral`")
    parser.add_argument("--engine", choices=ENGINES, default=ENGINES[0], help="what fetches")
    asked = parser.parse_args()
    # Whoever ends us ends what we started too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(_ENDED))
    if asked.name in {None, "referral"}:
        referral(asked.engine, asked.events)
    if asked.name in {None, "latency"}:
        latency(asked.engine)
    if asked.name in {None, "day"}:
        day(asked.engine)


if __name__ == "__main__":
    main()
