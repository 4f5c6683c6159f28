"""The same topics as an AsyncAPI 3 document, for whoever generates code or pages from one."""

from typing import Any, Final

from services.contracts.catalogue import ANY_SERVICE, EVENTS, TOPICS, EventType
from services.launcher.schemas.topics import SERVICES, Readers, consumers_of
from services.launcher.schemas.wire import file_name

_KAFKA_BINDING: Final = "0.5.0"

_HEADERS: Final[dict[str, Any]] = {
    "type": "object",
    "description": "CloudEvents 1.0 in Kafka's binary mode; every value is UTF-8 text.",
    "required": [
        "ce_specversion",
        "ce_id",
        "ce_type",
        "ce_source",
        "ce_subject",
        "ce_time",
        "ce_sequence",
        "content-type",
    ],
    "properties": {
        "ce_specversion": {"type": "string", "const": "1.0"},
        "ce_id": {"type": "string", "description": "The event; the same id is the same event."},
        "ce_type": {"type": "string", "description": "What happened, and the contract's version."},
        "ce_source": {"type": "string", "description": "The service that says it."},
        "ce_subject": {"type": "string", "description": "The key: what it is about."},
        "ce_time": {"type": "string", "format": "date-time", "description": "When it happened."},
        "ce_sequence": {
            "type": "string",
            "pattern": "^[1-9][0-9]*$",
            "description": "Counts the events of this topic and key, without a gap.",
        },
        "ce_correlationid": {"type": "string", "description": "The story it belongs to."},
        "ce_causationid": {"type": "string", "description": "The event that caused it."},
        "traceparent": {"type": "string", "description": "W3C trace context."},
        "content-type": {"type": "string", "const": "application/json"},
    },
}


def asyncapi_document(reading: Readers) -> dict[str, Any]:
    """Describe every topic as a channel and every event as a message."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Alongside",
            "version": "1.0.0",
            "description": (
                "Independent advocacy for every child in a child protection conference. The events "
                "hold pseudonymous special-category personal data: codes and references, never a "
                "name, a contact or a child's words."
            ),
        },
        "defaultContentType": "application/json",
        "channels": {_channel_id(name): _channel(name) for name in TOPICS},
        "operations": _sends() | _receives(reading),
        "components": {
            "schemas": {"cloudEventHeaders": _HEADERS},
            "messages": {event.name: _message(event) for event in EVENTS.values()},
        },
    }


def _channel_id(topic: str) -> str:
    return topic.removesuffix(".v1")


def _channel(topic: str) -> dict[str, Any]:
    about = TOPICS[topic]
    return {
        "address": f"{{prefix}}.{topic}",
        "description": about.sentence,
        "parameters": {
            "prefix": {"description": "Names the installation.", "default": "alongside"}
        },
        "messages": {
            event.name: {"$ref": f"#/components/messages/{event.name}"}
            for event in EVENTS.values()
            if event.topic == topic
        },
        "bindings": {
            "kafka": {
                "partitions": about.partitions,
                "topicConfiguration": {"cleanup.policy": ["delete"], "retention.ms": -1},
                "bindingVersion": _KAFKA_BINDING,
            }
        },
    }


def _sends() -> dict[str, Any]:
    return {
        f"{service}.send.{_channel_id(topic)}": {
            "action": "send",
            "channel": {"$ref": f"#/channels/{_channel_id(topic)}"},
            "summary": f"{service} says this.",
        }
        for topic, about in TOPICS.items()
        for service in (SERVICES if about.producer == ANY_SERVICE else (about.producer,))
    }


def _receives(reading: Readers) -> dict[str, Any]:
    return {
        f"{service}.receive.{_channel_id(topic)}": {
            "action": "receive",
            "channel": {"$ref": f"#/channels/{_channel_id(topic)}"},
            "summary": f"{service} acts on this.",
            "messages": [
                {"$ref": f"#/channels/{_channel_id(topic)}/messages/{name}"} for name in read
            ],
        }
        for service in SERVICES
        for topic in TOPICS
        if (read := _read_by(service, topic, reading))
    }


def _read_by(service: str, topic: str, reading: Readers) -> list[str]:
    return [
        event.name
        for event in EVENTS.values()
        if event.topic == topic and service in consumers_of(event, reading)
    ]


def _message(event: EventType) -> dict[str, Any]:
    return {
        "name": event.ce_type,
        "title": event.name,
        "summary": event.sentence,
        "headers": {
            "allOf": [
                {"$ref": "#/components/schemas/cloudEventHeaders"},
                {"type": "object", "properties": {"ce_type": {"const": event.ce_type}}},
            ]
        },
        "correlationId": {"location": "$message.header#/ce_correlationid"},
        "payload": {"$ref": f"./events/{file_name(event)}"},
        "bindings": {
            "kafka": {
                "key": {"type": "string", "description": f"The event's `{event.key}`."},
                "bindingVersion": _KAFKA_BINDING,
            }
        },
    }
