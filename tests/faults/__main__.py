"""`python -m tests.faults [--kills N] [--seed S]`: kill workers and a broker, then recount."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from services.chassis.logs import set_up
from tests.faults.chassis_campaign import Campaign
from tests.machine import JARS

SEED = 20_110_913


def main() -> int:
    """Run one campaign; the last line is its outcome as JSON."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    set_up("faults", "CRITICAL")
    print(f"seed {asked.seed}: {asked.kills} faults, a few seconds each", flush=True)
    with TemporaryDirectory(prefix="alongside-faults-") as folder:
        outcome = Campaign(Path(folder), JARS, asked.seed, database_url=None).run(asked.kills)
    print(json.dumps({"seed": asked.seed, **asdict(outcome)}))
    return 1 if outcome.lost or outcome.doubled or outcome.out_of_order else 0


if __name__ == "__main__":
    sys.exit(main())
