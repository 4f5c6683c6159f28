"""Composes scheduling: the only file that knows every room."""

from services.chassis.policies import Policies
from services.chassis.service import Service
from services.scheduling.api import pages, routes
from services.scheduling.metrics import collect
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
        collect=collect,
        routers=(routes.ROUTER, pages.PAGES),
    )
