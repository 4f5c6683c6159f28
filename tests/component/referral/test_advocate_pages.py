"""The page that registers an advocate: it takes what the API takes, and names what is wrong."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.chassis.web.wording import day
from services.contracts.codes import Need
from services.referral.domain.advocate import Advocate
from services.referral.storage.repositories import ADVOCATES
from tests.component.referral.story import STARTS_AT, Story
from tests.component.referral.test_offer_pages import Shown

ROBIN = UUID("adc00000-0000-4000-8000-00000000000a")
PAGE = f"/advocates/new?advocate_ref={ROBIN}"
FILLED: dict[str, Any] = {
    "authorities": "E10000016, e09000020",
    "languages": "en pl",
    "skills": ["makaton", "autism"],
    "capacity": "12",
    "employed_by": "synthetic-provider",
    "checks_valid_until-day": "30",
    "checks_valid_until-month": "11",
    "checks_valid_until-year": "2027",
    "training_valid_until-day": "1",
    "training_valid_until-month": "3",
    "training_valid_until-year": "2028",
}
FACTS: dict[str, Any] = {
    "authorities": ["E09000020"],
    "languages": ["en"],
    "capacity": 5,
    "employed_by": "synthetic-provider",
    "training_valid_until": "2028-03-01",
}


def sent(story: Story, **other: Any) -> Shown:
    filled = {"key": "the-form", **FILLED, **other}
    answer = story.world.client.post(PAGE, data=filled)
    story.world.settle()
    return Shown(answer)


def registered(story: Story) -> Advocate | None:
    return story.world.desk("referral").read(lambda work: work.find(ADVOCATES, ROBIN))


def test_an_advocate_is_registered_and_the_next_page_says_so(story: Story) -> None:
    page = sent(story)
    assert (page.status, page.path) == (200, "/advocates/new")
    assert "The advocate is registered" in page.text
    assert f"/advocates/{ROBIN}/diary" in page.source
    advocate = registered(story)
    assert advocate is not None
    assert advocate.authorities == ("E09000020", "E10000016")
    assert (advocate.languages, advocate.skills) == (("en", "pl"), (Need.AUTISM, Need.MAKATON))
    assert (advocate.capacity, advocate.employed_by) == (12, "synthetic-provider")
    assert advocate.checks_valid_until == date(2027, 11, 30)
    assert advocate.training_valid_until == date(2028, 3, 1)
    assert len(story.said("advocate.registered")) == 1


def test_sent_twice_it_is_registered_once(story: Story) -> None:
    assert [sent(story).status, sent(story).status] == [200, 200]
    assert len(story.said("advocate.registered")) == 1


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"authorities": ""}, "authorities", "Enter the codes of the authorities"),
        ({"authorities": "Kent"}, "authorities", "Enter the codes of the authorities"),
        ({"languages": "Polish"}, "languages", "Enter the codes of the languages"),
        ({"capacity": ""}, "capacity", "Enter how many children at most"),
        ({"capacity": "501"}, "capacity", "Enter how many children at most"),
        ({"employed_by": "The Provider"}, "employed_by", "Enter the provider's short name"),
        (
            {"checks_valid_until-day": "31"},
            "checks_valid_until-day",
            "The day until which the checks are valid must be a real date",
        ),
        (
            {f"training_valid_until-{part}": "" for part in ("day", "month", "year")},
            "training_valid_until-day",
            "The day until which the training is valid is missing",
        ),
        (
            {"checks_valid_until-year": "2025"},
            "checks_valid_until-day",
            "The day until which the checks are valid is in the past",
        ),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_registered(
    story: Story, wrong: dict[str, str], field: str, sentence: str
) -> None:
    page = sent(story, **wrong)
    assert page.status == 422
    assert [line[: len(sentence)] for line in page.mistakes] == [sentence]
    assert f'href="#{field}"' in page.source
    assert f'id="{field}"' in page.source
    assert page.typed("employed_by") == {**FILLED, **wrong}["employed_by"]
    assert registered(story) is None


def test_all_that_is_wrong_is_said_at_once(story: Story) -> None:
    page = Shown(story.world.client.post(PAGE, data={"key": "the-form"}))
    assert len(page.mistakes) == 6


def form_of(story: Story) -> Shown:
    return Shown(story.world.client.get(PAGE))


def test_that_the_checks_have_ended_is_said_wherever_it_counts(story: Story) -> None:
    story.advocate(1, checks_valid_until=STARTS_AT.date().isoformat())
    story.conference()
    client, offer = story.world.client, f"/offers?conference_ref={story.offer().conference_ref}"
    page = f"/advocates/new?advocate_ref={story.bond().advocate_ref}"
    ended = f"The checks ended on {day(STARTS_AT)}. Until there are new ones"
    for where in (offer, page, f"{page}&done=true"):
        before = client.get(where)
        assert (before.status_code, ended in before.text) == (200, False)
    story.world.advance(STARTS_AT + timedelta(days=1))
    for where in (offer, page, f"{page}&done=true"):
        assert ended in client.get(where).text


def test_who_is_registered_can_be_changed_on_the_same_page(story: Story) -> None:
    sent(story)
    form = form_of(story)
    assert "Save what changed" in form.text
    assert form.typed("authorities") == "E09000020 E10000016"
    assert form.typed("checks_valid_until-year") == "2027"
    version = form.typed("version")

    page = sent(story, key="another", version=version, capacity="3")

    assert (page.status, "The advocate is registered" in page.text) == (200, True)
    advocate = registered(story)
    assert advocate is not None
    assert (advocate.capacity, advocate.active) == (3, True)
    assert len(story.said("advocate.changed")) == 1
    stale = sent(story, key="a third", version=version, capacity="4")
    (mistake,) = stale.mistakes
    assert mistake.startswith("Somebody changed this meanwhile.")
    assert stale.status == 422


def test_a_day_that_was_mistyped_elsewhere_is_made_right_on_the_page(story: Story) -> None:
    register = {"advocate_ref": str(ROBIN), **FACTS, "checks_valid_until": "2026-01-01"}
    assert story.world.client.post("/v1/advocates", json=register).status_code == 201
    story.world.settle()
    assert sent(story, version=form_of(story).typed("version")).status == 200
    advocate = registered(story)
    assert advocate is not None
    assert advocate.checks_valid_until == date(2027, 11, 30)


OVER = {"checks_valid_until-day": "20", "checks_valid_until-month": "11"}


def test_that_checks_have_ended_is_recorded_on_the_page_and_other_things_after_it(
    story: Story,
) -> None:
    sent(story)
    over = {**OVER, "checks_valid_until-year": "2026"}
    assert sent(story, key="2", version=form_of(story).typed("version"), **over).status == 200
    story.world.advance(story.world.now + timedelta(days=90))
    version = form_of(story).typed("version")
    assert sent(story, key="3", version=version, **over, capacity="3").status == 200
    advocate = registered(story)
    assert advocate is not None
    assert (advocate.checks_valid_until, advocate.capacity) == (date(2026, 11, 20), 3)


def test_checks_that_would_have_ended_long_ago_are_a_slip(story: Story) -> None:
    sent(story)
    version = form_of(story).typed("version")
    page = sent(story, key="2", version=version, **OVER, **{"checks_valid_until-year": "2025"})
    assert page.status == 422
    assert page.mistakes == [
        "The day until which the checks are valid is more than a month ago: check the year"
    ]
