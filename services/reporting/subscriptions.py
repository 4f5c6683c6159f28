"""The map of reporting: every event goes to the log, and from there to its journey."""

from typing import Final

from services.chassis.subscriptions import Subscriptions
from services.reporting.handlers.log import on_any_event, on_repeated_event

SUBSCRIPTIONS: Final = Subscriptions(every=on_any_event, repeated=on_repeated_event, keeps_all=True)
