"""What a producer writes a consumer reads: today's, tomorrow's, and nothing a producer must not."""

import json
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from pydantic import ValidationError

from services.contracts.catalogue import EVENTS, EventType
from services.contracts.codes import Extensible, Need, Role, YesNo
from services.contracts.exchange_events import ConferenceScheduled
from services.contracts.referral_events import OfferDeclined, OfferMade
from services.launcher.schemas.examples import examples_of
from services.launcher.schemas.wire import schema_of
from tests.contract.strategies import states

EACH_EVENT = pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS.keys())


@cache
def validator_of(event: EventType) -> Draft202012Validator:
    return Draft202012Validator(schema_of(event), format_checker=FormatChecker())


def example(name: str) -> dict[str, Any]:
    return examples_of(EVENTS[name])["fullest"]


@EACH_EVENT
@given(data=st.data())
@settings(max_examples=15)
def test_what_is_written_is_read_again_and_keeps_the_published_schema(
    event: EventType, data: st.DataObject
) -> None:
    state = data.draw(states(event.model))
    written = state.model_dump_json()
    assert event.model.model_validate_json(written) == state
    assert event.model.model_validate(state.model_dump()) == state
    validator_of(event).validate(json.loads(written))


@EACH_EVENT
def test_a_state_never_changes(event: EventType) -> None:
    state = event.model.model_validate(examples_of(event)["smallest"])
    with pytest.raises(ValidationError):
        setattr(state, event.key, None)


@EACH_EVENT
def test_a_field_of_a_later_revision_is_ignored_by_a_consumer(event: EventType) -> None:
    written = examples_of(event)["fullest"]
    later = json.dumps({**written, "of_a_later_revision": "x"})
    read = event.model.model_validate_json(later, extra="ignore")
    assert read == event.model.model_validate(written)


@EACH_EVENT
def test_an_unknown_field_is_refused_to_a_producer(event: EventType) -> None:
    with pytest.raises(ValidationError, match="of_a_later_revision"):
        event.model.model_validate({**examples_of(event)["fullest"], "of_a_later_revision": "x"})


@EACH_EVENT
def test_a_required_field_cannot_be_left_out(event: EventType) -> None:
    smallest = examples_of(event)["smallest"]
    for name in smallest:
        with pytest.raises(ValidationError):
            event.model.model_validate({key: smallest[key] for key in smallest if key != name})


def test_an_unknown_field_of_a_group_is_ignored_by_a_consumer() -> None:
    written = example("conference.participation-recorded")
    written["participation"]["of_a_later_revision"] = "x"
    model = EVENTS["conference.participation-recorded"].model
    read = model.model_validate_json(json.dumps(written), extra="ignore")
    assert read == model.model_validate(example("conference.participation-recorded"))
    with pytest.raises(ValidationError):
        model.model_validate(written)


@pytest.mark.parametrize("codes_list", Extensible.__subclasses__())
def test_an_unknown_code_of_a_list_that_may_grow_reads_as_other(
    codes_list: type[Extensible],
) -> None:
    assert codes_list("code-of-a-later-revision") == "other"
    assert not codes_list.known("code-of-a-later-revision")
    assert all(codes_list.known(code) for code in codes_list)


def test_unknown_codes_in_an_event_read_as_other() -> None:
    declined = {**example("offer.declined"), "reported_by": "neighbour"}
    assert OfferDeclined.model_validate_json(json.dumps(declined)).reported_by is Role.OTHER
    scheduled = {**example("conference.scheduled"), "needs": ["bsl", "tactile-signs"]}
    read = ConferenceScheduled.model_validate_json(json.dumps(scheduled))
    assert read.needs == (Need.BSL, Need.OTHER)


def test_an_unknown_code_of_a_closed_list_is_refused() -> None:
    with pytest.raises(ValueError, match="perhaps"):
        YesNo("perhaps")
    with pytest.raises(ValidationError):
        OfferMade.model_validate({**example("offer.made"), "status": "perhaps"})


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValidationError):
        OfferMade.model_validate({**example("offer.made"), "tell_by": "2026-11-13T17:00:00"})


def test_a_time_of_another_zone_is_written_in_utc() -> None:
    made = OfferMade.model_validate(
        {**example("offer.made"), "tell_by": "2026-07-13T18:00:00+01:00"}
    )
    assert json.loads(made.model_dump_json())["tell_by"] == "2026-07-13T17:00:00Z"


def test_an_error_never_shows_what_was_written() -> None:
    with pytest.raises(ValidationError) as refused:
        OfferMade.model_validate({**example("offer.made"), "authority": "Kim Canary"})
    assert "Canary" not in str(refused.value)
