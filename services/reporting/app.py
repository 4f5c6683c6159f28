"""Puts reporting together: the only file that knows every room."""

from services.chassis.policies import Policies
from services.chassis.service import Api, Service
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
        api=api,
    )


def api() -> Api:
    """Compose what the HTTP process serves."""
    # Only the HTTP process loads the web framework: a worker stays small without it.
    from services.reporting.api import pages, routes  # noqa: PLC0415
    from services.reporting.metrics import collect  # noqa: PLC0415

    return Api(routers=(routes.ROUTER, pages.PAGES), collect=collect)
