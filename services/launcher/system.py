"""The five services, by name: the one list of what an installation runs."""

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

from services.chassis.aggregates import Aggregate
from services.chassis.service import Service
from services.chassis.settings import ChassisSettings
from services.launcher.settings import LauncherSettings

NAMES = ("exchange", "referral", "scheduling", "feedback", "reporting")


def build(name: str, settings: LauncherSettings) -> Service[Any]:
    """Compose a service for this installation, as its own process would."""
    compose: Callable[[Any], Service[Any]] = import_module(f"services.{name}.app").build
    return compose(settings_of(name, settings))


def settings_of(name: str, settings: LauncherSettings) -> ChassisSettings:
    """Read the settings of a service: the installation's, and from the environment its own."""
    module = import_module(f"services.{name}.settings")
    own: type[ChassisSettings] = getattr(module, f"{name.capitalize()}Settings")
    shared = {field: getattr(settings, field) for field in own.model_fields if field in _shared()}
    return own(**shared)


def build_all(settings: LauncherSettings) -> list[Service[Any]]:
    """Compose all services."""
    return [*map(partial(build, settings=settings), NAMES)]


def aggregate_of(name: str, entity: str) -> Aggregate[Any] | None:
    """Return what a service declares it keeps of an entity."""
    declared = vars(import_module(f"services.{name}.storage.repositories")).values()
    kept = (one for one in declared if isinstance(one, Aggregate) and one.entity == entity)
    return next(kept, None)


def _shared() -> frozenset[str]:
    return frozenset(LauncherSettings.model_fields) - {"kafka_jars"}
