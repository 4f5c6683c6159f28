"""How the whole installation stands, counted from databases, topics and what workers last said."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from services.chassis.bus import Bus, BusAdmin, TopicState
from services.chassis.buses import open_bus
from services.chassis.clock import open_clock
from services.chassis.database import open_database
from services.chassis.errors import BusUnavailable, Misconfigured, StoreUnavailable
from services.chassis.standing import Standing, standing
from services.chassis.storage import from_moment, moment
from services.chassis.work import Work
from services.contracts.local_time import LONDON
from services.launcher.in_force import as_client
from services.launcher.room import GOES_ON, full_disk
from services.launcher.run_file import RunFile, RunState
from services.launcher.settings import LauncherSettings
from services.launcher.system import NAMES, build

RECENT: Final = timedelta(days=7)
"""For how long a message without an addressee asks for somebody: held back it stays for ever."""

_HTTP_PATIENCE_S: Final = 5.0
_UNADDRESSED: Final = (
    "SELECT count(*) FROM messages"
    " WHERE status = 'withheld' AND reason = 'nobody-to-write-to' AND happened_at >= ?"
)
_FOR_THE_FAMILY: Final = (
    "SELECT count(*) FROM messages WHERE status = 'waiting' AND reason = 'family-not-informed'"
)
_FOR_AN_HOUR: Final = (
    "SELECT count(*), min(not_before) FROM messages"
    " WHERE status = 'waiting' AND reason IS NULL AND not_before > ?"
)


@dataclass(frozen=True)
class ServiceStanding:
    """One service, as `alongside status` shows it; ages in seconds."""

    up: bool
    pid: int | None
    lag: int | None
    unsent: int
    oldest_unsent_s: float
    waiting: int
    oldest_waiting_s: float
    due_late: int
    dead_letters: int
    restarts: int


class Observer:
    """Looks at an installation from outside, over and over, with connections of its own."""

    def __init__(self, settings: LauncherSettings) -> None:
        self._settings = settings
        self.run_file = RunFile(settings.data)
        self._services = [build(name, settings) for name in NAMES]
        self._engines = {
            s.name: open_database(s.name, settings.data, settings.postgres) for s in self._services
        }
        self._clock = open_clock(settings.clock, settings.data)
        self._admin: BusAdmin | None = None

    def close(self) -> None:
        """Let go of connections."""
        if self._admin is not None:
            self._admin.close()
        for engine in self._engines.values():
            engine.dispose()

    def standings(self) -> dict[str, Standing]:
        """Count how each service stands."""
        now = self._clock.now()
        return {name: standing(engine, now) for name, engine in self._engines.items()}

    def ends(self) -> dict[str, TopicState]:
        """Read where the topics end; empty while the bus does not answer."""
        names = {self._full(topic) for s in self._services for topic in s.subscriptions.topics}
        if self._admin is None and not _is_there(self._settings):
            return {}
        try:
            self._admin = self._admin or open_bus(self._settings).admin()
            return dict(self._admin.describe(sorted(names)))
        except BusUnavailable:
            return {}

    def lag(self, service: str, stands: Standing, ends: dict[str, TopicState]) -> int | None:
        """Count the records a service has not done yet; None where the bus does not answer."""
        subscriptions = next(s.subscriptions for s in self._services if s.name == service)
        behind = 0
        for topic in map(self._full, subscriptions.topics):
            state = ends.get(topic)
            if state is None:
                return None
            for number, end in state.ends.items():
                topic_id, done = stands.positions.get((topic, number), ("", 0))
                # The ends were asked for first: what was done since lies beyond them.
                behind += max(0, end - (done if topic_id == state.topic_id else 0))
        return behind

    def is_quiet(self) -> bool:
        """Whether nothing is under way, and every process has seen the clock as it stands now."""
        first = self._reading()
        return first is not None and first == self._reading()

    def _reading(self) -> object:
        version = self._clock.version()
        ends = self.ends()
        stands = self.standings()
        for name, stand in stands.items():
            report = self.run_file.report(f"{name}-0")
            if report is None or report["clock_version"] != version or not report["assigned"]:
                return None
            if stand.unsent or stand.due_late or self.lag(name, stand, ends) != 0:
                return None
        return {name: (stand.said, stand.positions) for name, stand in stands.items()}

    def _full(self, topic: str) -> str:
        return f"{self._settings.topic_prefix}.{topic}"


def status(settings: LauncherSettings) -> dict[str, object]:
    """Return the object of `alongside status --json`."""
    run_file = RunFile(settings.data)
    claimed = run_file.is_claimed()
    state = run_file.read() if claimed else None
    there = settings.postgres or all((settings.data / f"{n}.sqlite3").exists() for n in NAMES)
    full = full_disk(settings.data)
    if (claimed and state is None) or not there:
        return _nothing(settings, full, claimed=claimed)
    observer = Observer(as_client(settings, state))
    try:
        ends = observer.ends()
        services = {
            name: asdict(_service(observer, name, stand, ends, state))
            for name, stand in observer.standings().items()
        }
    except StoreUnavailable as broken:
        why = lacking_room(full) or f"the databases in {settings.data} cannot be read: {broken}"
        raise Misconfigured(why) from None
    finally:
        observer.close()
    serves = state is not None and _serves(state.http)
    people = messages(settings)
    runs = serves and all(s["up"] and s["lag"] is not None for s in services.values())
    step = lacking_room(full) or next_step(settings, state, services, serves=serves)
    return {
        "data": str(settings.data.absolute()),
        "ready": runs and full is None,
        "clock": state.clock if state else settings.clock,
        "next_step": step or missing_people(settings),
        "broker": _broker(state),
        "services": services,
        "messages": people,
        "concerns": {"unacknowledged": 0, "oldest_s": 0},
    }


def lacking_room(full: str | None) -> str:
    """Say that the disk is full and what to do; empty where it is not."""
    return f"{full}: {GOES_ON}" if full else ""


def next_step(
    settings: LauncherSettings,
    state: RunState | None,
    services: dict[str, dict[str, object]],
    *,
    serves: bool,
) -> str:
    """Name the one thing a person should do so that all of it runs; empty where it does."""
    logs = settings.data.absolute() / "logs"
    if state is None:
        return _start(settings)
    if broker := _trouble_of_broker(settings, state, services):
        return broker
    if down := [name for name, s in services.items() if not s["up"]]:
        name, stands = down[0], "is not ready yet" if services[down[0]]["pid"] else "is down"
        return f"{name} {stands}, it is started again if it ends: look into {logs / name}.log"
    if not serves:
        return f"pages and APIs do not answer yet: look into {logs / 'api'}.log if it stays so"
    if any(s["dead_letters"] for s in services.values()):
        return "events were laid aside: alongside dead-letters list"
    return ""


def _trouble_of_broker(
    settings: LauncherSettings, state: RunState, services: dict[str, dict[str, object]]
) -> str:
    """Say that the broker does not answer, and where it says why; empty where it answers."""
    silent = all(s["lag"] is None for s in services.values())
    if state.broker["kind"] == "embedded":
        return "the embedded bus cannot be read: is its file still there?" if silent else ""
    trouble = state.broker.get("trouble")
    if state.broker["pid"] is None:
        at = state.broker["bootstrap"]
        return f"the broker at {at} does not answer: see to it; all waits for it" if silent else ""
    if not silent and not trouble:
        return ""
    said = f" ({trouble})" if trouble else ""
    log = settings.data.absolute() / "kafka" / "logs" / "broker.log"
    return f"the broker does not answer yet{said}: it is started again whenever it ends, see {log}"


def _start(settings: LauncherSettings) -> str:
    data = settings.data.absolute()
    is_usual = data == (Path.cwd() / ".alongside")
    return f"nothing runs on {data}: alongside up" + ("" if is_usual else f" --data {data}")


def missing_people(settings: LauncherSettings) -> str:
    """Name what a person has to see to, or say that nothing is to be done."""
    from services.exchange.storage.queries import held_since  # noqa: PLC0415
    from services.launcher.desks import desk  # noqa: PLC0415
    from services.referral.storage.repositories import list_advocates  # noqa: PLC0415

    with desk("exchange", settings) as exchange:
        if exchange.read(held_since) is not None:
            return "messages are held back since the restore: alongside messages list"
    with desk("referral", settings) as referral:
        if not referral.read(lambda work: list_advocates(work, None, 1)):
            return "no advocate is registered, so no child is given one: docs/first-steps.md"
    with desk("exchange", settings) as exchange:
        since = moment(exchange.clock.now() - RECENT)
        if exchange.read(lambda work: work.sql.rows(_UNADDRESSED, (since,)))[0][0]:
            return "messages are held back for want of people to write to: docs/first-steps.md"
        if count := exchange.read(lambda work: work.sql.rows(_FOR_THE_FAMILY))[0][0]:
            wait = "message waits" if count == 1 else "messages wait"
            return (
                f"{count} {wait} until the family is informed of the conference: when it is,"
                " send the conference again with the day in family_informed_on, over the API or"
                " in a list (docs/first-steps.md, 5)"
            )
    return "nothing"


def _serves(address: str) -> bool:
    """Whether the HTTP process answers: it starts beside the workers, and may be there later."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=_HTTP_PATIENCE_S)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _is_stopped(settings: LauncherSettings) -> bool:
    """Whether the events lie with a broker of ours that does not run."""
    is_ours = settings.broker in {"auto", "kafka"} and not settings.kafka_bootstrap_servers
    return is_ours and (settings.data / "kafka").is_dir()


def _is_there(settings: LauncherSettings) -> bool:
    """Whether there is a bus to look at: who only looks must not make an embedded one."""
    if _is_stopped(settings):
        return False
    return bool(settings.kafka_bootstrap_servers) or (settings.data / "bus.sqlite3").exists()


def reached_bus(settings: LauncherSettings) -> Bus:
    """Open the bus of an installation, whether it runs or not.

    Raises:
        Misconfigured: it is a broker of ours that does not run.
    """
    run_file = RunFile(settings.data)
    client = as_client(settings, run_file.read() if run_file.is_claimed() else None)
    if _is_stopped(client):
        raise Misconfigured("the events lie with the broker, which does not run: alongside up")
    return open_bus(client)


def messages(settings: LauncherSettings) -> dict[str, Any]:
    """Count the messages to people that wait or failed, and those held back, by reason."""
    from services.exchange.handlers.messages import message_standing  # noqa: PLC0415
    from services.exchange.storage.queries import held_since, withheld_counts  # noqa: PLC0415
    from services.launcher.desks import desk  # noqa: PLC0415

    with desk("exchange", settings) as exchange:
        return exchange.read(
            lambda work: {
                **message_standing(work),
                "later": _later(work),
                "withheld": withheld_counts(work),
                "held_since": _moment_or_none(held_since(work)),
            }
        )


def _moment_or_none(at: datetime | None) -> str | None:
    return at.astimezone(LONDON).isoformat() if at else None


def _later(work: Work[Any]) -> dict[str, Any] | None:
    """Count the messages that have an hour to wait for, and say which is the next."""
    count, until = work.sql.rows(_FOR_AN_HOUR, (moment(work.now),))[0]
    if not count:
        return None
    return {"count": count, "until": from_moment(until).astimezone(LONDON).isoformat()}


def _service(
    observer: Observer,
    name: str,
    stand: Standing,
    ends: dict[str, TopicState],
    state: RunState | None,
) -> ServiceStanding:
    process = state.processes.get(name) if state else None
    report = observer.run_file.report(f"{name}-0")
    return ServiceStanding(
        up=bool(process and process.pid and report and report["assigned"]),
        pid=process.pid if process else None,
        lag=observer.lag(name, stand, ends),
        unsent=stand.unsent,
        oldest_unsent_s=round(stand.oldest_unsent_s, 1),
        waiting=stand.waiting,
        oldest_waiting_s=round(stand.oldest_waiting_s, 1),
        due_late=stand.due_late,
        dead_letters=stand.dead_letters,
        restarts=process.restarts if process else 0,
    )


def _broker(state: RunState | None) -> dict[str, object]:
    told = state.broker if state else {}
    return {name: told.get(name) for name in ("kind", "version", "pid", "bootstrap")}


def _nothing(settings: LauncherSettings, full: str | None, *, claimed: bool) -> dict[str, object]:
    step = "it is starting" if claimed else _start(settings)
    return {
        "data": str(settings.data.absolute()),
        "ready": False,
        "clock": "system",
        "next_step": lacking_room(full) or step,
        "broker": _broker(None),
        "services": {},
        "messages": {
            "waiting": 0,
            "oldest_s": 0,
            "failed": 0,
            "later": None,
            "withheld": {},
            "held_since": None,
        },
        "concerns": {"unacknowledged": 0, "oldest_s": 0},
    }
