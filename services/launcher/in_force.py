"""The settings of an installation: those that are in force, and where each value comes from."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

from pydantic import AliasChoices, ValidationError

from services.chassis.installation import is_installed
from services.launcher.broker_choice import BrokerChoice, choose_broker
from services.launcher.run_file import RunFile, RunState
from services.launcher.system import NAMES, settings_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo

    from services.chassis.settings import ChassisSettings
    from services.launcher.settings import LauncherSettings

_FOLDERS: Final = frozenset({"data", "policies", "kafka_jars"})
_KEYS: Final = "keys"
_KEY_FILE: Final = "_key_file"


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


def of_installation(settings: LauncherSettings) -> dict[str, Any]:
    """Return what the running installation was started with; where none runs, what would be.

    Raises:
        Misconfigured: what was asked for cannot be had here.
    """
    run_file = RunFile(settings.data)
    state = run_file.read() if run_file.is_claimed() else None
    if state is not None and state.settings:
        return state.settings
    return in_force(settings, choose_broker(settings, is_to_run=False))


def in_force(settings: LauncherSettings, broker: BrokerChoice) -> dict[str, Any]:
    """Return every setting as it is for an installation that uses this bus.

    Under `sources` is where each value comes from; a secret is shown as stars.
    """
    shown = {name: (_shown(settings, name), _source(settings, name)) for name in _names(settings)}
    shown["broker"] = (_kind(broker), f"{shown['broker'][1]}: {broker.why}")
    shown["kafka_bootstrap_servers"] = (broker.bootstrap, _source_of_address(settings, broker))
    for service in NAMES:
        own = settings_of(service, settings)
        for name in _names(own):
            if name not in shown:
                shown[name] = (_shown(own, name), _source(own, name))
        _name_key_files(own, shown)
    values = {name: value for name, (value, _) in shown.items()}
    return {**values, "sources": {name: source for name, (_, source) in shown.items()}}


def _names(settings: ChassisSettings) -> Iterator[str]:
    yield from type(settings).model_fields


def _shown(settings: ChassisSettings, name: str) -> Any:
    if name in _FOLDERS:
        return str(getattr(settings, name).absolute())
    return settings.model_dump(mode="json", include={name})[name]


def _name_key_files(own: ChassisSettings, shown: dict[str, tuple[Any, str]]) -> None:
    """Say where the key files are: outside the data, in a folder of the installation's name."""
    for name in _names(own):
        # Before there is an installation nobody can say how its folder will be called.
        if name.endswith(_KEY_FILE) and (own.keys is not None or is_installed(own.data)):
            file = own.key_file  # type: ignore[attr-defined]  # has it who has the setting
            shown[name] = (str(file), shown[name][1])
            if own.keys is None and shown[_KEYS][0] is None:
                shown[_KEYS] = (str(file.parent), shown[_KEYS][1])


def _kind(broker: BrokerChoice) -> str:
    if broker.kind == "embedded":
        return "embedded"
    return "external" if broker.own is None else "kafka"


def _source_of_address(settings: LauncherSettings, broker: BrokerChoice) -> str:
    if broker.own is not None:
        return "chosen by the launcher, which runs this broker"
    return _source(settings, "kafka_bootstrap_servers")


def _source(settings: ChassisSettings, name: str) -> str:
    """Say where a value comes from: an option of the command, the environment, or neither."""
    if name not in settings.model_fields_set:
        return "default"
    variable = next((one for one in _variables(settings, name) if one in os.environ), None)
    if variable is None:
        return "option"
    try:
        told = getattr(type(settings)(), name)
    except ValidationError:
        return "option"
    return variable if told == getattr(settings, name) else "option"


def _variables(settings: ChassisSettings, name: str) -> tuple[str, ...]:
    field: FieldInfo = type(settings).model_fields[name]
    if isinstance(field.validation_alias, AliasChoices):
        return tuple(str(choice) for choice in field.validation_alias.choices)
    return (f"ALONGSIDE_{name.upper()}",)
