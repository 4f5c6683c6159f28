"""The OpenAPI document as this API really answers: FastAPI's own form of an error is not ours."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI

from services.chassis.http import PROBLEM

DESCRIPTION: Final = (
    "Independent advocacy for every child in a child protection conference. "
    "Send an Idempotency-Key of your own, at most 200 characters, with what you POST or PUT: "
    "the same request again with the same key is not done twice and gets the same answer, "
    "but for an answer with a secret in it: that one is shown once, then 409 shown-once. "
    "A file of conferences needs none: the same file again changes nothing. "
    "Every error is application/problem+json and never repeats what was sent."
)

_PROBLEM_SCHEMA: Final = {
    "title": "Problem",
    "description": "What was wrong, by RFC 9457.",
    "type": "object",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}


class DescribedApi(FastAPI):
    """An app whose OpenAPI document shows the errors it really gives."""

    def openapi(self) -> dict[str, Any]:
        """Return the document; made at the first call."""
        document = super().openapi()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        if "Problem" not in schemas:
            _show_problems(document)
            schemas["Problem"] = _PROBLEM_SCHEMA
            schemas.pop("HTTPValidationError", None)
            schemas.pop("ValidationError", None)
        return document


def _show_problems(document: dict[str, Any]) -> None:
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["summary"] = _summary(operation)
            answers = operation["responses"]
            if "422" in answers:
                answers["422"] = _problem("A field breaks a rule: `errors` names both.")
            if "operations" not in operation.get("tags", ()):
                answers.setdefault("default", _problem("Another error: `code` names it."))


def _summary(operation: dict[str, Any]) -> str:
    """Say what it does, not what its function is called: the first sentence of its docstring."""
    says: str = operation.get("description") or operation["summary"]
    first = says.partition("\n")[0]
    return first.removesuffix(".")


def _problem(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": description, "content": {PROBLEM: {"schema": schema}}}
