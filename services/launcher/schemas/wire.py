"""The JSON Schema of an event, as a consumer may rely on it through all of v1.

It is more patient than the model a producer fills in: unknown fields are allowed, and a list of
codes that may grow says so.
"""

from typing import TYPE_CHECKING, Any, Final

from pydantic.json_schema import GenerateJsonSchema

from services.contracts.catalogue import EventType
from services.contracts.codes import Extensible
from services.contracts.fields import KEBAB

if TYPE_CHECKING:
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import core_schema

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_HOME: Final = "https://alongside.invalid/schemas/events"


class _Patient(GenerateJsonSchema):
    """Describes what a consumer must be ready for."""

    def enum_schema(self, schema: "core_schema.EnumSchema") -> "JsonSchemaValue":
        """Let an extensible list of codes grow."""
        closed = super().enum_schema(schema)
        if not issubclass(schema["cls"], Extensible):
            return closed
        return {
            "anyOf": [
                {"type": "string", "enum": closed["enum"]},
                {
                    "type": "string",
                    "pattern": KEBAB,
                    "description": "A code of a later revision; read it as `other`.",
                },
            ],
        }

    def handle_ref_overrides(self, json_schema: "JsonSchemaValue") -> "JsonSchemaValue":
        """Let a field keep its own title and sentence, also where its list has the same."""
        return json_schema

    def datetime_schema(self, schema: "core_schema.DatetimeSchema") -> "JsonSchemaValue":
        """Say that every time is in UTC."""
        return super().datetime_schema(schema) | {"pattern": "Z$"}


def file_name(event: EventType) -> str:
    """Name the file of an event's schema."""
    return f"{event.name}.v{event.version}.schema.json"


def schema_of(event: EventType) -> dict[str, Any]:
    """Describe the data of one event."""
    schema = event.model.model_json_schema(schema_generator=_Patient)
    for part in (schema, *schema.get("$defs", {}).values()):
        part.pop("additionalProperties", None)
    return {
        "$schema": _DIALECT,
        "$id": f"{_HOME}/{file_name(event)}",
        "title": schema.pop("title"),
        "description": schema.pop("description"),
        "x-event-type": event.ce_type,
        "x-topic": event.topic,
        "x-key": event.key,
        **schema,
    }
