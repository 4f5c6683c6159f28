"""Composes the exchange: the only file that knows every room."""

from datetime import timedelta

from services.chassis.policies import Policies
from services.chassis.service import Api, Service
from services.chassis.vault import KeyFile
from services.exchange.handlers.sending import SendWaiting
from services.exchange.handlers.sinks import FileSink, MailSink, Sink
from services.exchange.settings import Exchange, ExchangeSettings
from services.exchange.storage import tables
from services.exchange.subscriptions import SUBSCRIPTIONS


def build(settings: ExchangeSettings) -> Service[Exchange]:
    """Compose the service from its settings."""
    keys = KeyFile.open(settings.key_file, settings.data)
    return Service(
        name="exchange",
        metadata=tables.METADATA,
        subscriptions=SUBSCRIPTIONS,
        context=Exchange(
            policies=Policies.load(settings.policies),
            keys=keys,
            stale_after=timedelta(hours=settings.message_hours),
            public_url=settings.public_url,
        ),
        settings=settings,
        api=api,
        check=keys.check,
        steps=(SendWaiting(sink_of(settings)),),
    )


def api() -> Api:
    """Compose what the HTTP process serves."""
    # Only the HTTP process loads the web framework: a worker stays small without it.
    from services.exchange.api import pages, routes  # noqa: PLC0415
    from services.exchange.metrics import collect  # noqa: PLC0415

    return Api(routers=(routes.ROUTER, pages.PAGES), collect=collect)


def sink_of(settings: ExchangeSettings) -> Sink:
    """Return the way out to people: mail where it is set up, else files beside the data."""
    if settings.smtp_url is not None:
        return MailSink(settings.smtp_url, settings.mail_from)
    return FileSink(settings.data / "messages", settings.mail_from)
