"""Breaks a running system over and over while people use it, then proves what must hold."""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import median
from time import monotonic
from typing import Final

from services.launcher.standing import reached_bus
from tests.faults.kinds import kinds_for, name_of
from tests.faults.system import Answer, Client, Place, System, can_have_a_disk
from tests.invariants import Found, look
from tests.people import AUTHORITY, EMPLOYER, People
from tests.postgres import PrivatePostgres
from tests.waiting import until

FAMILIES: Final = 60
RECOVERY_S: Final = 300
QUIET_S: Final = 300
_MEANWHILE: Final = 30
_PROBES: Final = 0.5
"""How often the next fault waits until the chain works again; else it comes upon the one before."""

_ROOM_MB: Final = 600
_ROOM_FOR_A_FAULT_MB: Final = 6
"""So large is the disk that is filled, and so much more for each fault: it lies in memory."""

_LANGUAGE: Final = "cy"
_CAPACITY: Final = 500
_PACE_S: Final = (0.0, 0.08)
_PAUSE_S: Final = (0.3, 2.5)
_HOW_OFTEN_TIME_PASSES: Final = 0.04


@dataclass
class Outcome:
    """What a campaign found; its fields are those of the last line that it prints."""

    seed: int
    engine: str
    database: str
    events: int = 0
    requests: int = 0
    unknown: int = 0
    faults: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    lost: int = 0
    doubled: int = 0
    repairs: int = 0
    wrong: list[str] = field(default_factory=list)
    recovery_s: dict[str, float] = field(default_factory=dict)
    worst_recovery_s: float = 0.0
    seconds: float = 0.0

    def line(self) -> str:
        """Write it as one JSON object."""
        return json.dumps(asdict(self))


class Campaign:
    """One campaign: people who act, faults that come, and a look at the end.

    Args:
        folder: for everything that the system keeps.
        faults: how many come.
        only: the names of the kinds that may come; all where there are none.
        say: is told each fault as it comes.
    """

    def __init__(
        self,
        folder: Path,
        outcome: Outcome,
        faults: int,
        postgres: PrivatePostgres | None = None,
        say: Callable[[str], None] = lambda _: None,
        *,
        only: Sequence[str] = (),
    ) -> None:
        self.outcome = outcome
        self._say = say
        self._luck = Random(outcome.seed)  # noqa: S311 -- a campaign is asked for by its seed
        room_mb = _ROOM_MB + faults * _ROOM_FOR_A_FAULT_MB if can_have_a_disk() else None
        self._faults = faults
        self._system = System(folder, outcome.engine, postgres, room_mb)
        kinds = kinds_for(self._system)
        self._kinds = {kind: n for kind, n in kinds.items() if not only or name_of(kind) in only}
        self._client = Client(self._system.port)
        self._prober = Client(self._system.port)
        self._people = People(Place(self._client, self._system.clock), families=FAMILIES)
        self._recoveries: dict[str, list[float]] = defaultdict(list)
        self._done = threading.Event()
        self._probing = threading.Event()
        """Time stands still meanwhile: a conference that has passed gets no visits."""
        self._failed: list[BaseException] = []

    def run(self) -> Outcome:
        """Let people act, break things, let everything heal, and look."""
        begun = monotonic()
        self._system.start()
        try:
            self._people.settle_in()
            self._welcome_the_prober()
            acting = threading.Thread(target=self._act, daemon=True)
            acting.start()
            try:
                for number in range(1, self._faults + 1):
                    self._break(number)
            finally:
                self._done.set()
                acting.join(self._client.patience_s)
            self._heal()
            self._look()
        finally:
            self._system.stop()
            self._client.close()
            self._prober.close()
            self._system.close()
        self.outcome.seconds = round(monotonic() - begun, 1)
        return self.outcome

    def _act(self) -> None:
        """Be the people: act after act, and now and then time passes."""
        luck = Random(self.outcome.seed + 1)  # noqa: S311
        try:
            while not self._done.wait(luck.uniform(*_PACE_S)):
                self._people.act(luck)
                if luck.random() < _HOW_OFTEN_TIME_PASSES and not self._probing.is_set():
                    self._system.pass_time(timedelta(hours=luck.randint(1, 60)))
        except BaseException as error:  # noqa: BLE001 -- told in the thread that waits
            self._failed.append(error)

    def _break(self, number: int) -> None:
        fault = self._luck.choices(list(self._kinds), list(self._kinds.values()))[0]
        name = name_of(fault)
        threading.Event().wait(self._luck.uniform(*_PAUSE_S))
        self._say(f"{number}/{self._faults} {name}")
        self._raise_what_failed()
        fault(self._system, self._luck)
        self.outcome.faults += 1
        self.outcome.kinds[name] = self.outcome.kinds.get(name, 0) + 1
        if self._luck.random() < _PROBES:
            self._probing.set()
            took = self._recovery(number)
            self._probing.clear()
            self._recoveries[name].append(took)
            self._say(f"  the chain works again after {took:.1f} s")

    def _raise_what_failed(self) -> None:
        for error in self._failed:
            raise error

    def _recovery(self, number: int) -> float:
        """Count the seconds until a new conference has its offer, its visits and its figures."""
        begun = monotonic()
        conference = self._probe(number)

        def is_told() -> bool:
            answer = self._prober.get(f"/v1/stories/{conference}")
            if not answer.is_success:
                return False
            return "visit.planned" in {line["type"] for line in answer.json()["lines"]}

        until(is_told, f"visits for the probe after fault {number}", RECOVERY_S)
        return monotonic() - begun

    def _probe(self, number: int) -> str:
        begins = self._system.clock.now() + timedelta(days=20)
        taken = self._prober.post(
            "/v1/conferences",
            {
                "conference_id": f"SIM-PROBE-{number}",
                "authority": AUTHORITY,
                "kind": "initial",
                "starts_at": begins.isoformat(),
                "format": "in-person",
                "chair": {"name": "Example Chair", "email": "chair@example.org"},
                "children": [
                    {
                        "la_child_id": f"SIMPROBE{number}",
                        "given_name": "Example Probe",
                        "family_name": "Example-Family",
                        "date_of_birth": "2014-03-01",
                        "language": _LANGUAGE,
                    }
                ],
            },
            {"Idempotency-Key": f"probe-{number}"},
        )
        assert taken.is_success, taken.text
        return str(taken.json()["children"][0]["conference_ref"])

    def _welcome_the_prober(self) -> None:
        """Register an advocate whom only the probes need, so that none of them waits for one."""
        person = self._people.say(
            "/v1/people",
            {
                "role": "advocate",
                "name": "Example Advocate of probes",
                "email": "probes@example.org",
                "authorities": [AUTHORITY],
            },
        )
        self._people.say(
            "/v1/advocates",
            {
                "advocate_ref": person["person_ref"],
                "authorities": [AUTHORITY],
                "languages": [_LANGUAGE],
                "skills": [],
                "capacity": _CAPACITY,
                "employed_by": EMPLOYER,
                "checks_valid_until": "2099-12-31",
                "training_valid_until": "2099-12-31",
            },
        )

    def _heal(self) -> None:
        """Nothing breaks any more: everything comes to rest by itself."""
        self._raise_what_failed()
        for trap in self._system.traps.iterdir():
            trap.unlink()
        self._say("nothing breaks any more")
        self._system.wait_until_quiet(QUIET_S)

    def _look(self) -> None:
        with self._system.desks() as desks:
            found = look(desks, reached_bus(self._system.settings), meanwhile=_MEANWHILE)
        self._count(found)
        self.outcome.wrong += [*found.wrong, *self._forgotten(), *self._leaked()]
        self.outcome.requests = self._people.acknowledged + self._people.refused
        self.outcome.unknown = self._client.unknown + self._prober.unknown
        self.outcome.recovery_s = {
            name: round(median(took), 1) for name, took in sorted(self._recoveries.items())
        }
        slowest = [max(took) for took in self._recoveries.values()]
        self.outcome.worst_recovery_s = round(max(slowest, default=0.0), 1)

    def _count(self, found: Found) -> None:
        self.outcome.events = found.said
        self.outcome.lost = len(found.lost)
        self.outcome.doubled = len(found.doubled)
        self.outcome.repairs = len(found.laid_aside)

    def _forgotten(self) -> Iterator[str]:
        """Say which acknowledged request it no longer knows: the same key gets another answer."""
        for kept in [*self._client.answers, *self._prober.answers]:
            if kept.status < 300:
                yield from self._compared(kept)

    def _compared(self, kept: Answer) -> Iterator[str]:
        again = self._client.post(kept.path, kept.body, {"Idempotency-Key": kept.key})
        if (again.status_code, again.text) != (kept.status, kept.text):
            self.outcome.lost += 1
            yield f"lost: POST {kept.path} was answered {kept.status}, now {again.status_code}"

    def _leaked(self) -> Iterator[str]:
        """Say where a child's name lies that may not be there."""
        for log in sorted((self._system.data / "logs").iterdir()):
            if b"Example-Family" in log.read_bytes():
                yield f"{log.name} holds a name"
        for path in ("/metrics",):
            if "Example-Family" in self._client.get(path).text:
                yield f"{path} holds a name"
