"""The pages of the people who act: an advocate is named, each agency is one link away."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.harness import World

NAMED = {"key": "k", "name": "Robin Synthetic", "email": "robin@synthetic.invalid"}


def test_an_advocate_is_named_and_then_asked_what_they_can_do(world: World) -> None:
    assert world.client.get("/people/new").status_code == 200
    answer = world.client.post("/people/new", data=NAMED, follow_redirects=False)
    assert answer.status_code == 303
    address = urlsplit(answer.headers["location"])
    assert address.path == "/advocates/new"
    (ref,) = parse_qs(address.query)["advocate_ref"]
    people = world.client.get("/v1/people").json()["items"]
    assert [(one["person_ref"], one["role"]) for one in people] == [(ref, "advocate")]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "Enter the name of the advocate"),
        ({"email": "robin"}, "Enter an email address, like name@example.org"),
        ({"email": ""}, "Enter an email address, like name@example.org"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    world: World, wrong: dict[str, str], sentence: str
) -> None:
    (field,) = wrong
    answer = world.client.post("/people/new", data={**NAMED, **wrong})
    assert answer.status_code == 422
    assert f'<a href="#{field}">{sentence}</a>' in answer.text
    assert world.client.get("/v1/people").json()["items"] == []


def test_each_agency_has_a_link_to_what_it_gets(world: World) -> None:
    assert "There is no agency yet" in world.client.get("/agencies").text
    body = {"agency_ref": "synthetic-trust", "name": "Synthetic Trust"}
    assert world.client.post("/v1/agencies", json=body).status_code == 201
    page = world.client.get("/agencies").text
    assert '<a class="govuk-link" href="/agencies/synthetic-trust/feed">Synthetic Trust</a>' in page
