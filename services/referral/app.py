"""Puts referral together: the only file that knows every room."""

from services.chassis.policies import Policies
from services.chassis.service import Service
from services.referral.api import routes
from services.referral.metrics import collect
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
        routers=(routes.ROUTER,),
        collect=collect,
    )
