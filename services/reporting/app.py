"""Puts reporting together: the only file that knows every room."""

from services.chassis.policies import Policies
from services.chassis.service import Service
from services.reporting.api import pages, routes
from services.reporting.metrics import collect
from services.reporting.settings import Reporting, ReportingSettings
from services.reporting.storage.tables import METADATA
from services.reporting.subscriptions import SUBSCRIPTIONS


def build(settings: ReportingSettings) -> Service[Reporting]:
    """Compose the service from its settings."""
    return Service(
        name="reporting",
        metadata=METADATA,
        subscriptions=SUBSCRIPTIONS,
        context=Reporting(Policies.load(settings.policies)),
        settings=settings,
        routers=(routes.ROUTER, pages.PAGES),
        collect=collect,
    )
