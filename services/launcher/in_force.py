"""The settings of an installation that runs: what the launcher chose stands in its run file."""

from urllib.parse import urlsplit

from services.launcher.run_file import RunFile, RunState
from services.launcher.settings import LauncherSettings


def as_client(settings: LauncherSettings, state: RunState | None) -> LauncherSettings:
    """Return the settings with which the running installation's bus and clock are reached."""
    if state is None:
        return settings
    kind = "embedded" if state.broker["kind"] == "embedded" else "external"
    changed = {
        "broker": kind,
        "kafka_bootstrap_servers": state.broker["bootstrap"],
        "clock": state.clock,
    }
    return settings.model_copy(update=changed)


def in_force(settings: LauncherSettings) -> LauncherSettings:
    """Return the settings of the running installation; where none runs, those it would have."""
    run_file = RunFile(settings.data)
    state = run_file.read() if run_file.is_claimed() else None
    if state is None:
        return settings
    served = urlsplit(state.http)
    told = {"http_host": served.hostname, "http_port": served.port, "engine": state.engine}
    return as_client(settings, state).model_copy(update=told)
