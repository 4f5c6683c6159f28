"""Pages: what was given is shown and never run; what went wrong is said in words."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import jinja2
import pytest
from fastapi import APIRouter, FastAPI, HTTPException
from fastapi.testclient import TestClient

from services.chassis.errors import NotYet, Refused
from services.chassis.web import PageRoute, dress
from services.chassis.web.assets import OURS, static
from services.chassis.web.pages import ENVIRONMENT

ERRORS = {
    "early": NotYet("conference:8ad3f3f0"),
    "refused": Refused("already-held", "the conference was held already"),
    "gone": HTTPException(404, "secret detail"),
    "busy": HTTPException(503, "secret detail"),
}


@dataclass(frozen=True)
class Named:
    name: str


def browser() -> TestClient:
    pages = APIRouter(route_class=PageRoute)

    @pages.get("/raises/{what}")
    def raises(what: str) -> None:
        raise ERRORS[what]

    @pages.get("/of/{ref}")
    def of(ref: UUID) -> None: ...

    app = FastAPI()
    app.include_router(pages)
    dress(app)
    return TestClient(app, base_url="http://localhost")


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/raises/early", 404, "wait a few seconds"),
        ("/raises/gone", 404, "not here"),
        ("/raises/refused", 409, "The conference was held already."),
        ("/raises/busy", 503, "Try again in a few minutes"),
        ("/of/no-reference", 404, "not here"),
    ],
)
def test_what_goes_wrong_is_a_page_in_words(address: str, status: int, sentence: str) -> None:
    answer = browser().get(address)

    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert sentence in answer.text


@pytest.mark.parametrize("address", ["/raises/gone", "/of/Robin%20Example"])
def test_an_error_repeats_nothing_of_what_was_sent(address: str) -> None:
    answer = browser().get(address)

    assert "secret detail" not in answer.text
    assert "Robin" not in answer.text


def test_what_a_person_typed_is_text_and_never_markup() -> None:
    template = ENVIRONMENT.from_string("{{ given }}")

    assert template.render(given="<script>") == "&lt;script&gt;"


def test_a_field_a_record_has_not_fails_the_page_instead_of_staying_empty() -> None:
    template = ENVIRONMENT.from_string("{{ child.nmae }}")

    with pytest.raises(jinja2.UndefinedError):
        template.render(child=Named("Synthetic"))


def test_a_name_a_page_was_not_given_fails_the_page() -> None:
    with pytest.raises(jinja2.UndefinedError):
        ENVIRONMENT.from_string("{{ conferense }}").render()


def test_what_is_optional_in_a_macro_of_gov_uk_may_be_absent() -> None:
    template = ENVIRONMENT.from_string(
        '{% from "govuk_frontend_jinja/components/button/macro.html" import govukButton %}'
        '{{ govukButton({"text": "Save <it>"}) }}'
    )

    assert "Save &lt;it&gt;" in template.render()


def test_a_file_is_named_by_its_content() -> None:
    address = static("start.js")

    assert address.startswith("/static/start.js?v=")
    assert static("not-there.js") == "/static/not-there.js"
    assert (OURS / "start.js").is_file()
