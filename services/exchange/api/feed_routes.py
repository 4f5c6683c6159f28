"""An agency's feed for pulling: the same ids, numbers and order as on its Kafka topic."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query

from services.chassis.http import Problem
from services.exchange.api import views
from services.exchange.api.doors import ApiKey, ExchangeDesk, agency_of, no_agreement
from services.exchange.handlers.agencies import agreement_in_force
from services.exchange.handlers.context import ExchangeWork
from services.exchange.handlers.feed import deliver, last_number

LAST_NUMBER: Final = 2**63 - 1
"""The largest number a database holds."""

ROUTER: Final = APIRouter(tags=["feed"])


@ROUTER.get("/v1/feed")
def feed(
    key: ApiKey,
    desk: ExchangeDesk,
    cursor: Annotated[int, Query(ge=0, le=LAST_NUMBER)] = 0,
    size: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """Deliver what comes behind the cursor; keep `next` and ask with it again, now or later.

    Without an agreement in force it is only what takes back something that was sent before.
    """

    def read(work: ExchangeWork) -> dict[str, Any]:
        agency = agency_of(work, key)
        agreement = agreement_in_force(work, agency)
        if cursor > (last := last_number(work, agency.agency_ref)):
            raise Problem(
                422,
                "cursor-ahead",
                f"Your feed ends at {last}: ask from 0, or what your last answer gave as next",
            )
        delivery = deliver(work, agency.agency_ref, agreement, cursor, size)
        if agreement is None and not delivery.entries:
            raise no_agreement()
        return {
            "items": [views.entry_view(entry) for entry in delivery.entries],
            "next": delivery.last_number,
            "more": delivery.more,
        }

    return desk.read(read)
