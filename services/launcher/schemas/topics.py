"""The topics with their events, writers and readers, as one page of YAML."""

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from services.contracts.catalogue import ANY_SERVICE, EVENTS, TOPICS, EventType
from services.launcher.schemas.wire import file_name

SERVICES: Final = ("exchange", "referral", "scheduling", "feedback", "reporting")

Readers = Mapping[str, frozenset[str]]
"""By service, the names of the events it subscribes to."""


def readers() -> dict[str, frozenset[str]]:
    """Ask every service that is there for the events it reads."""
    found: dict[str, frozenset[str]] = {}
    for service in SERVICES:
        name = f"services.{service}.subscriptions"
        if find_spec(f"services.{service}") is not None and find_spec(name) is not None:
            subscriptions = import_module(name).SUBSCRIPTIONS
            found[service] = frozenset(EVENTS if subscriptions.every else subscriptions.events)
    return found


def consumers_of(event: EventType, reading: Readers) -> list[str]:
    """List the services that read an event, in the order of the story."""
    return [service for service in SERVICES if event.name in reading.get(service, ())]


def topics_document(reading: Readers) -> dict[str, Any]:
    """Describe every topic."""
    return {
        "names": (
            "Each name is preceded by the installation's prefix and a dot, "
            "`alongside.` unless ALONGSIDE_TOPIC_PREFIX says otherwise."
        ),
        "topics": {name: _topic(name, reading) for name in TOPICS},
    }


def _topic(name: str, reading: Readers) -> dict[str, Any]:
    topic = TOPICS[name]
    events = [event for event in EVENTS.values() if event.topic == name]
    readers_here = {one for event in events for one in consumers_of(event, reading)}
    return {
        "sentence": topic.sentence,
        "producer": "every service" if topic.producer == ANY_SERVICE else topic.producer,
        "consumers": [service for service in SERVICES if service in readers_here],
        "partitions": topic.partitions,
        "retention": "unlimited, without compaction",
        "events": {event.name: _event(event, reading) for event in events},
    }


def _event(event: EventType, reading: Readers) -> dict[str, Any]:
    return {
        "sentence": event.sentence,
        "version": event.version,
        "key": event.key,
        "schema": f"events/{file_name(event)}",
        "consumers": consumers_of(event, reading),
    }
