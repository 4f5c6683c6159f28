"""What a service is to the chassis: its name, tables, map, rooms and steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from fastapi import APIRouter
    from prometheus_client import Metric
    from sqlalchemy import Engine, MetaData

    from services.chassis.desk import Desk
    from services.chassis.settings import ChassisSettings
    from services.chassis.subscriptions import Subscriptions

C = TypeVar("C")

Step = Callable[["Desk[Any]"], bool]
"""Something a worker does between batches; returns whether there was anything to do."""


Collect = Callable[["Desk[Any]"], Iterable["Metric"]]
"""Reads a service's own metrics from its database: workers count nothing in memory."""


def no_metrics(_desk: Desk[Any]) -> Iterable[Metric]:
    """Have none besides those every service has."""
    return ()


@dataclass(frozen=True)
class Api:
    """What the HTTP process serves for a service.

    Args:
        routers: its JSON and its pages.
        collect: its own metrics.
    """

    routers: tuple[APIRouter, ...] = ()
    collect: Collect = no_metrics


def _goes_with_any(_database: Engine) -> None:
    """Let any database be used: a service that seals nothing needs no keys."""


@dataclass(frozen=True)
class Service(Generic[C]):
    """One service, composed in its `app.py`.

    Args:
        name: also the source of its events and the name of its database.
        metadata: its tables, made with `storage.service_metadata()`.
        subscriptions: its map.
        context: its own things, handed to every handler as `work.context`.
        settings: what it was set up with.
        api: composes what the HTTP process serves; a worker never calls it, and so never loads
            the web framework and the pages.
        steps: what its worker does besides (sending messages).
        check: raises Misconfigured where the settings do not go with the database.
    """

    name: str
    metadata: MetaData
    subscriptions: Subscriptions
    context: C
    settings: ChassisSettings
    api: Callable[[], Api] = Api
    steps: tuple[Step, ...] = ()
    check: Callable[[Engine], None] = _goes_with_any
