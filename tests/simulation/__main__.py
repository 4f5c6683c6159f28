"""`python -m tests.simulation [--seeds N] [--first K]`: play stories, say what went wrong."""

import argparse
import sys
from collections import Counter
from time import monotonic
from typing import Final

from services.chassis.logs import set_up
from tests.simulation.plan import plan
from tests.simulation.story import tell

MOVES: Final = 120


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=2_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--moves", type=int, default=MOVES)
    asked = parser.parse_args()
    set_up("simulation", "CRITICAL")
    begun, bad = monotonic(), 0
    total: Counter[str] = Counter()
    for seed in range(asked.first, asked.first + asked.seeds):
        found = tell(seed, plan(seed, asked.moves))
        total += found.mishaps
        total.update(said=found.said, acknowledged=found.acknowledged, refused=found.refused)
        if found.wrong:
            bad += 1
            print(f"seed {seed}:", *found.wrong[:5], sep="\n  ", flush=True)
    print(f"{asked.seeds} stories, {bad} bad, {monotonic() - begun:.1f} s", dict(total))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
