"""Our own reading of CloudEvents headers says what the official SDK says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary_event
from cloudevents.core.formats.json import JSONFormat
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.envelope import Head, data_from, head_from, headers_of
from services.chassis.errors import Refused
from services.contracts.catalogue import EVENTS

WORDS = st.text(
    st.characters(min_codepoint=33, max_codepoint=126, exclude_characters='%"'),
    min_size=1,
    max_size=40,
)
HEADS = st.builds(
    Head,
    id=WORDS,
    type=st.sampled_from([kind.ce_type for kind in EVENTS.values()]),
    source=st.sampled_from(["/services/exchange", "/services/referral"]),
    subject=WORDS,
    time=st.datetimes(datetime(2011, 9, 13), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    sequence=st.integers(1, 2**53),
    correlation_id=WORDS,
    causation_id=st.none() | WORDS,
)


@given(HEADS)
def test_written_headers_read_back_the_same(head: Head) -> None:
    assert head_from(headers_of(head)) == head


@given(HEADS)
def test_official_sdk_reads_the_same_from_our_headers(head: Head) -> None:
    message = KafkaMessage(
        headers=dict(headers_of(head)), key=head.subject.encode(), value=b'{"a": 1}'
    )
    event = from_binary_event(message, JSONFormat())
    assert event.get_id() == head.id
    assert event.get_type() == head.type
    assert event.get_source() == head.source
    assert event.get_subject() == head.subject
    assert event.get_time() == head.time
    assert event.get_extension("sequence") == str(head.sequence)
    assert event.get_extension("correlationid") == head.correlation_id
    assert event.get_extension("causationid") == head.causation_id
    assert event.get_data() == {"a": 1}


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["ce_id", "ce_time", "ce_type", "x", "ce_specversion"]),
            st.binary(max_size=20),
        )
    )
)
def test_any_headers_are_read_or_refused_and_nothing_else(headers: list[tuple[str, bytes]]) -> None:
    with pytest.raises(Refused):
        head_from(tuple(headers))


@given(st.binary(max_size=200))
def test_any_data_are_refused_without_repeating_them(value: bytes) -> None:
    with pytest.raises(Refused) as refused:
        data_from(EVENTS["conference.scheduled"], value)
    assert refused.value.code == "breaks-contract"


def test_refusal_names_the_field_and_the_rule_but_never_the_value() -> None:
    with pytest.raises(Refused) as refused:
        data_from(EVENTS["conference.scheduled"], b'{"child_ref": "Canary Example-Child"}')
    assert "child_ref" in refused.value.detail
    assert "Canary" not in str(refused.value)


def test_deeply_nested_data_are_refused() -> None:
    with pytest.raises(Refused):
        data_from(EVENTS["conference.scheduled"], b"[" * 100_000 + b"]" * 100_000)
