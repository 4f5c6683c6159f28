"""`alongside up | stop | status | config`: to start, end, and see how it stands."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.chassis.clock import monotonic, wait
from services.chassis.errors import Misconfigured
from services.chassis.installation import is_installed
from services.launcher.commands.saying import (
    FINDING,
    AsJson,
    as_json,
    as_waiting,
    err,
    first_fault,
    one_sentence,
    out,
    pairs,
    table,
)
from services.launcher.room import full_disk
from services.launcher.run_file import RunFile

if TYPE_CHECKING:
    from services.launcher.settings import LauncherSettings

START_DEADLINE_S = 180
STOP_DEADLINE_S = 30

Data = Annotated[Path | None, typer.Option("--data", help="Folder of the installation's data.")]
Broker = Annotated[str | None, typer.Option("--broker", help="auto, external, kafka or embedded.")]
Engine = Annotated[str | None, typer.Option("--engine", help="faust or librdkafka.")]
Port = Annotated[int | None, typer.Option("--port", help="Port of the pages and APIs.")]


def load_settings(**options: Any) -> LauncherSettings:
    """Read the settings; options that were given win over the environment.

    Raises:
        Misconfigured: a setting breaks a rule; the sentence never repeats its value.
    """
    from pydantic import ValidationError

    from services.launcher.settings import LauncherSettings

    given = {name: value for name, value in options.items() if value is not None}
    try:
        return LauncherSettings(**given)
    except ValidationError as error:
        raise Misconfigured(first_fault(error)) from None


def installed(data: object) -> LauncherSettings:
    """Read the settings for a command on an installation that is there.

    Raises:
        Misconfigured: in that folder is none; a new one is only made by `up`, and knowingly.
    """
    settings = load_settings(data=data)
    if not is_installed(settings.data):
        where = settings.data.absolute()
        raise Misconfigured(
            f"there is no installation in {where}: name its folder with --data, "
            "or make one with `alongside up`"
        )
    return settings


def up(
    data: Data = None,
    broker: Broker = None,
    engine: Engine = None,
    port: Port = None,
    *,
    detach: Annotated[bool, typer.Option("--detach", help="Return when it is ready.")] = False,
) -> None:
    """Start the system on this machine, and keep it running."""
    with one_sentence():
        settings = load_settings(data=data, broker=broker, engine=engine, http_port=port)
        if detach:
            _detached(settings, {"--broker": broker, "--engine": engine, "--port": port})
        else:
            _attached(settings)


def stop(data: Data = None) -> None:
    """End the system that runs on these data, and leave no process behind."""
    with one_sentence():
        run_file = RunFile(installed(data).data)
        state = run_file.read() if run_file.is_claimed() else None
        if state is None:
            where = run_file.folder.parent.absolute()
            out.print(f"Nothing runs on {where}.", highlight=False, soft_wrap=True)
            return
        os.kill(state.pid, signal.SIGTERM)
        deadline = monotonic() + STOP_DEADLINE_S
        while run_file.is_claimed() or _is_alive(state.pid):
            if monotonic() > deadline:
                raise Misconfigured(f"it did not stop in {STOP_DEADLINE_S} s: kill {state.pid}")
            wait(0.05)
        out.print("Stopped.")


def _is_alive(pid: int) -> bool:
    """Whether a process is at work still; one that only waits for its parent's look is not."""
    try:
        os.kill(pid, 0)
        told = Path(f"/proc/{pid}/stat").read_text()
    except ProcessLookupError:
        return False
    except FileNotFoundError:
        # It ended between two looks, or this system keeps no such files: the lock was the sign.
        return False
    return told.rpartition(")")[2].split()[0] != "Z"


def status(data: Data = None, *, json: AsJson = False) -> None:
    """Show how each service stands, and the one thing to do next; exit 1 where there is one."""
    from services.launcher.standing import status as status_of

    with one_sentence():
        settings = load_settings(data=data)
        # A launcher that has only just begun has not made its installation yet.
        starting = RunFile(settings.data).is_claimed()
        stands = status_of(settings if starting else installed(data))
    if json:
        as_json(stands)
    else:
        _show(stands)
    if stands["next_step"] != "nothing":
        raise typer.Exit(FINDING)


def config(data: Data = None, *, json: AsJson = False) -> None:
    """Show the settings in force where it runs, or else those it would have; secrets are hidden."""
    from services.launcher.in_force import of_installation

    with one_sentence():
        shown = of_installation(load_settings(data=data))
    if json:
        as_json(shown)
        return
    sources = shown.pop("sources")
    pairs(
        {
            name: f"{'not set' if value is None else value}  ({sources[name]})"
            for name, value in shown.items()
        }
    )


def _attached(settings: LauncherSettings) -> None:
    from services.launcher.broker_choice import choose_broker
    from services.launcher.supervisor import Supervisor

    supervisor = Supervisor(settings, choose_broker(settings))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: supervisor.ask_to_stop())
    err.print(supervisor.broker.sentence, highlight=False, soft_wrap=True)
    try:
        supervisor.start()
        where = f"http://{settings.http_host}:{settings.http_port}"
        err.print(f"Starting. Pages and APIs: {where}/ (Ctrl-C ends it)", highlight=False)
        while not supervisor.wait():
            supervisor.tick()
    finally:
        supervisor.stop()
    err.print("Stopped; nothing is left running.")


def _detached(settings: LauncherSettings, options: Mapping[str, object]) -> None:
    """Start another process that stays, and return when it is ready.

    Raises:
        Misconfigured: it ended, or was not ready in time.
    """
    from services.launcher.standing import status as status_of

    if full := full_disk(settings.data):
        # What the other process would say of it could not be written down.
        raise Misconfigured(f"{full}: make room, then start again")
    run_file = RunFile(settings.data)
    log = settings.data / "logs" / "launcher.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    before = log.stat().st_size if log.exists() else 0
    command = [sys.executable, "-m", "services.launcher", "up", "--data", str(settings.data)]
    for name, value in options.items():
        command += [name, str(value)] if value is not None else []
    with log.open("a") as file:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=file, stderr=file, start_new_session=True
        )
    deadline = monotonic() + START_DEADLINE_S
    # The run file may be that of a launcher which was here before: only what ours says counts.
    while not (_is_of(run_file, process.pid) and status_of(settings)["ready"]):
        if process.poll() is not None:
            said = log.read_bytes()[before:].decode(errors="replace").strip().splitlines()
            raise Misconfigured((said or ["it ended at once"])[-1].removeprefix("alongside: "))
        if monotonic() > deadline:
            process.terminate()
            process.wait(STOP_DEADLINE_S)
            raise Misconfigured(f"not ready in {START_DEADLINE_S} s, ended again: look into {log}")
        wait(0.2)
    state = run_file.read()
    if state is not None:
        out.print(state.broker["sentence"], highlight=False, soft_wrap=True)
        out.print(f"Running (pid {state.pid}): {state.http}/", highlight=False, soft_wrap=True)


def _is_of(run_file: RunFile, pid: int) -> bool:
    """Whether the launcher that runs on these data is the process with this id."""
    state = run_file.read() if run_file.is_claimed() else None
    return state is not None and state.pid == pid


def _show(stands: dict[str, Any]) -> None:
    broker = stands["broker"]
    kind = {"kafka": f"Apache Kafka {broker['version'] or ''}", "embedded": "the embedded bus"}
    ready = "ready" if stands["ready"] else "not ready"
    out.print(f"data: {stands['data']}", highlight=False, soft_wrap=True)
    at = f" at {broker['bootstrap']}" if broker["bootstrap"] else ""
    bus = kind.get(broker["kind"], "none") + at
    out.print(f"{ready}; bus: {bus}; clock: {stands['clock']}", highlight=False, soft_wrap=True)
    columns = (
        "service",
        "up",
        "pid",
        "lag",
        "unsent",
        "waiting",
        "late",
        "dead letters",
        "restarts",
    )
    names = ("pid", "lag", "unsent", "waiting", "due_late", "dead_letters", "restarts")
    rows = [
        (name, "yes" if s["up"] else "NO", *(s[field] for field in names))
        for name, s in stands["services"].items()
    ]
    if rows:
        table(columns, rows)
    waiting = stands["messages"]
    withheld = sum(waiting["withheld"].values())
    out.print(
        f"messages: {waiting['waiting']} waiting, {waiting['failed']} failed, {withheld} held back",
        highlight=False,
    )
    if later := waiting["later"]:
        out.print(f"  {as_waiting(later['count'], later['until'])}", highlight=False)
    for reason, count in sorted(waiting["withheld"].items(), key=itemgetter(1), reverse=True):
        out.print(f"  {count} held back: {reason}", highlight=False)
    out.print(f"next step: {stands['next_step']}", style="bold", highlight=False, soft_wrap=True)
