"""The exchange's JSON API, put together from its parts."""

from typing import Final

from fastapi import APIRouter

from services.exchange.api import (
    agency_routes,
    child_routes,
    conference_routes,
    feed_routes,
    people_routes,
)

ROUTER: Final = APIRouter()
ROUTER.include_router(conference_routes.ROUTER)
ROUTER.include_router(child_routes.ROUTER)
ROUTER.include_router(people_routes.ROUTER)
ROUTER.include_router(agency_routes.ROUTER)
ROUTER.include_router(feed_routes.ROUTER)
