"""Composes scheduling: the only file that knows every room."""

from services.chassis.policies import Policies
from services.chassis.service import Api, Service
from services.scheduling.settings import Scheduling, SchedulingSettings
from services.scheduling.storage import tables
from services.scheduling.subscriptions import SUBSCRIPTIONS


def build(settings: SchedulingSettings) -> Service[Scheduling]:
    """Compose the service from its settings."""
    return Service(
        name="scheduling",
        metadata=tables.METADATA,
        subscriptions=SUBSCRIPTIONS,
        context=Scheduling(Policies.load(settings.policies), settings.calendar_days_back),
        settings=settings,
        api=api,
    )


def api() -> Api:
    """Compose what the HTTP process serves."""
    # Only the HTTP process loads the web framework: a worker stays small without it.
    from services.scheduling.api import pages, routes  # noqa: PLC0415
    from services.scheduling.metrics import collect  # noqa: PLC0415

    return Api(routers=(routes.ROUTER, pages.PAGES), collect=collect)
