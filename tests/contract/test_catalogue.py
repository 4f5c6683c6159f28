"""The catalogue is whole and says the same as the agreement: names, topics, keys, sentences."""

import inspect
import re
from types import ModuleType

import pytest

from services.contracts import (
    chassis_events,
    exchange_events,
    feedback_events,
    referral_events,
    scheduling_events,
)
from services.contracts.catalogue import ANY_SERVICE, EVENTS, TOPICS, EventType, by_ce_type
from services.contracts.fields import State

MODULES = (chassis_events, exchange_events, feedback_events, referral_events, scheduling_events)
EACH_EVENT = pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS.keys())


def models_of(module: ModuleType) -> set[type[State]]:
    return {
        one
        for one in vars(module).values()
        if inspect.isclass(one) and issubclass(one, State) and one.__module__ == module.__name__
    }


@EACH_EVENT
def test_an_event_is_found_by_its_name_on_the_wire(event: EventType) -> None:
    assert event.ce_type == f"alongside.{event.entity}.{event.verb}.v1"
    assert by_ce_type(event.ce_type) is event


def test_a_type_nobody_knows_is_not_found() -> None:
    assert by_ce_type("alongside.conference.imagined.v1") is None


@EACH_EVENT
def test_an_event_has_a_topic_that_its_service_writes(event: EventType) -> None:
    assert TOPICS[event.topic].producer == event.service


@EACH_EVENT
def test_the_key_is_a_field_no_event_can_lack(event: EventType) -> None:
    assert event.model.model_fields[event.key].is_required()


@EACH_EVENT
def test_a_model_is_called_as_its_event(event: EventType) -> None:
    words = [*event.entity.split("-"), *event.verb.split("-")]
    assert event.model.__name__ == "".join(word.capitalize() for word in words)


@EACH_EVENT
def test_an_event_says_in_one_sentence_what_happened(event: EventType) -> None:
    assert re.fullmatch(r"[A-Z][^.\n]*\.", event.sentence)


@EACH_EVENT
def test_events_of_one_entity_have_one_state_one_key_and_one_topic(event: EventType) -> None:
    siblings = [one for one in EVENTS.values() if one.entity == event.entity]
    assert {(one.key, one.service, one.model.__mro__[1]) for one in siblings} == {
        (event.key, event.service, event.model.__mro__[1])
    }


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_every_model_is_an_event_or_the_state_of_one(module: ModuleType) -> None:
    events = {event.model for event in EVENTS.values()}
    states = {base for model in events for base in model.__mro__}
    assert models_of(module) - events - states == set()


def test_the_catalogue_covers_the_first_releases_entities() -> None:
    by_entity = {
        entity: sum(event.entity == entity for event in EVENTS.values())
        for entity in dict.fromkeys(event.entity for event in EVENTS.values())
    }
    assert by_entity == {
        "conference": 7,
        "meeting": 6,
        "child": 3,
        "message": 4,
        "agency": 3,
        "offer": 19,
        "allocation": 7,
        "advocate": 2,
        "visit": 11,
        "reminder": 2,
        "child-view": 7,
        "dead-letter": 3,
    }


def test_any_service_may_lay_an_event_aside() -> None:
    assert {one.entity for one in EVENTS.values() if one.service == ANY_SERVICE} == {"dead-letter"}
    assert EVENTS["dead-letter.crashed"].topic == "dead-letter.v1"


def test_every_topic_has_events() -> None:
    assert {event.topic for event in EVENTS.values()} == set(TOPICS)
