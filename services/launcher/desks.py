"""Opens one service's database for a command; nothing is consumed and nothing is relayed here."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from services.chassis.clock import open_clock
from services.chassis.database import named_errors, open_database
from services.chassis.desk import Desk
from services.chassis.errors import Misconfigured, StoreUnavailable
from services.chassis.migrations import migrate
from services.launcher.room import GOES_ON, full_disk
from services.launcher.run_file import RunFile
from services.launcher.settings import LauncherSettings
from services.launcher.system import build


@contextmanager
def desk(name: str, settings: LauncherSettings) -> Iterator[Desk[Any]]:
    """Open the desk of a service, on the clock that the running installation goes by.

    Raises:
        Misconfigured: its database cannot be opened.
    """
    run_file = RunFile(settings.data)
    state = run_file.read() if run_file.is_claimed() else None
    clock = state.clock if state else settings.clock
    service = build(name, settings.model_copy(update={"clock": clock}))
    try:
        with named_errors():
            migrate(service)
    except StoreUnavailable as broken:
        if full := full_disk(settings.data):
            raise Misconfigured(f"{full}: {GOES_ON}") from None
        where = f"the database of {name} in {settings.data.absolute()}"
        raise Misconfigured(f"{where} cannot be opened: {broken}") from None
    engine = open_database(name, settings.data, settings.postgres)
    try:
        yield Desk(service, engine, open_clock(clock, settings.data))
    finally:
        engine.dispose()
