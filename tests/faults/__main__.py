"""`python -m tests.faults`: break a running system over and over, then prove what must hold."""

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from services.chassis.logs import set_up
from tests.faults.campaign import Campaign, Outcome
from tests.faults.kinds import KINDS, name_of
from tests.postgres import PrivatePostgres

SEED = 20_110_913


def main() -> int:
    """Run one campaign; the last line is its outcome as JSON."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--kills", type=int, default=300, help="how many faults")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--engine", choices=["faust", "librdkafka"], default="faust")
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--folder", type=Path, help="keep data and logs here, to look at them")
    parser.add_argument("--only", action="append", default=[], choices=sorted(map(name_of, KINDS)))
    asked = parser.parse_args()
    set_up("faults", "CRITICAL")
    _say(f"seed {asked.seed}: {asked.kills} faults on {asked.engine} and {asked.database}")
    outcome = Outcome(asked.seed, asked.engine, asked.database)
    with ExitStack() as stack:
        folder = asked.folder or Path(stack.enter_context(TemporaryDirectory()))
        is_postgres = asked.database == "postgres"
        postgres = stack.enter_context(PrivatePostgres()) if is_postgres else None
        Campaign(folder, outcome, asked.kills, postgres, _say, only=asked.only).run()
    _table(outcome)
    _say(outcome.line())
    return 1 if outcome.wrong else 0


def _table(outcome: Outcome) -> None:
    width = max(map(len, outcome.kinds), default=0)
    _say(f"{'fault':{width}}  times  works again after, median")
    for kind, times in sorted(outcome.kinds.items()):
        took = outcome.recovery_s.get(kind)
        _say(f"{kind:{width}}  {times:5}  {f'{took:.1f} s' if took is not None else '-'}")
    for sentence in outcome.wrong[:20]:
        _say(f"wrong: {sentence}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
