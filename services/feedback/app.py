"""Composes feedback: the only file that knows every room."""

from services.chassis.service import Service
from services.chassis.vault import KeyFile
from services.feedback.api import pages, routes
from services.feedback.metrics import collect
from services.feedback.settings import Feedback, FeedbackSettings
from services.feedback.storage import tables
from services.feedback.subscriptions import SUBSCRIPTIONS


def build(settings: FeedbackSettings) -> Service[Feedback]:
    """Compose the service from its settings."""
    return Service(
        name="feedback",
        metadata=tables.METADATA,
        subscriptions=SUBSCRIPTIONS,
        context=Feedback(KeyFile.open(settings.key_file, settings.data)),
        settings=settings,
        collect=collect,
        routers=(routes.ROUTER, pages.PAGES),
    )
