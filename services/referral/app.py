"""Puts referral together: the only file that knows every room."""

from services.chassis.policies import Policies
from services.chassis.service import Api, Service
from services.referral.settings import Referral, ReferralSettings
from services.referral.storage.tables import METADATA
from services.referral.subscriptions import SUBSCRIPTIONS


def build(settings: ReferralSettings) -> Service[Referral]:
    """Compose the service from its settings.

    Raises:
        Misconfigured: a policy file cannot be read or says what no place may decide.
    """
    return Service(
        name="referral",
        metadata=METADATA,
        subscriptions=SUBSCRIPTIONS,
        context=Referral(Policies.load(settings.policies)),
        settings=settings,
        api=api,
    )


def api() -> Api:
    """Compose what the HTTP process serves."""
    # Only the HTTP process loads the web framework: a worker stays small without it.
    from services.referral.api import advocate_pages, pages, routes  # noqa: PLC0415
    from services.referral.metrics import collect  # noqa: PLC0415

    return Api(routers=(routes.ROUTER, pages.PAGES, advocate_pages.ADVOCATE_PAGES), collect=collect)
