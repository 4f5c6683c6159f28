"""Composes feedback: the only file that knows every room."""

from services.chassis.service import Api, Service
from services.chassis.vault import KeyFile
from services.feedback.settings import Feedback, FeedbackSettings
from services.feedback.storage import tables
from services.feedback.subscriptions import SUBSCRIPTIONS


def build(settings: FeedbackSettings) -> Service[Feedback]:
    """Compose the service from its settings."""
    keys = KeyFile.open(settings.key_file, settings.data)
    return Service(
        name="feedback",
        metadata=tables.METADATA,
        subscriptions=SUBSCRIPTIONS,
        context=Feedback(keys),
        settings=settings,
        api=api,
        check=keys.check,
    )


def api() -> Api:
    """Compose what the HTTP process serves."""
    # Only the HTTP process loads the web framework: a worker stays small without it.
    from services.feedback.api import pages, routes  # noqa: PLC0415
    from services.feedback.metrics import collect  # noqa: PLC0415

    return Api(routers=(routes.ROUTER, pages.PAGES), collect=collect)
