"""What an agreement may hold, when it counts, and what of an event it lets through."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.catalogue import EVENTS
from services.contracts.codes import LegalBasis, SharingPurpose
from services.exchange.domain import agency_key, agreement, cut
from services.exchange.domain.agency_key import AgencyKey
from services.exchange.domain.agreement import Agreement, AgreementStatus, Terms
from services.exchange.handlers.agencies import FIELDS

TERMS = Terms(
    events=("conference.scheduled",),
    fields={"conference": ("conference_ref", "starts_at")},
    purpose=SharingPurpose.HEALTH,
    legal_basis=LegalBasis.PUBLIC_TASK,
    authorities=("E09000020",),
    starts_on=date(2026, 4, 1),
    expires_on=date(2027, 3, 31),
)
REF = UUID("a97ee000-0000-4000-8000-000000000001")
LIVE = Agreement(REF, "health", TERMS)
NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (date(2026, 3, 31), False),
        (date(2026, 4, 1), True),
        (date(2027, 3, 31), True),
        (date(2027, 4, 1), False),
    ],
)
def test_an_agreement_counts_from_its_first_to_its_last_day(day: date, *, holds: bool) -> None:
    assert agreement.holds(LIVE, day) is holds
    assert not agreement.holds(replace(LIVE, status=AgreementStatus.ENDED), day)


def test_an_agreement_covers_its_events_and_its_authorities_only() -> None:
    assert agreement.covers(TERMS, "conference.scheduled", "E09000020")
    assert not agreement.covers(TERMS, "conference.held", "E09000020")
    assert not agreement.covers(TERMS, "conference.scheduled", "E08000039")


@pytest.mark.parametrize(
    "change",
    [
        {"events": ("conference.imagined",)},
        {"events": ("message.sent",)},
        {"events": ("dead-letter.refused",)},
        {"events": ("advocate.registered",)},
        {"events": ("agency.agreed",)},
        {"fields": {"conference": ("version",)}},
        {"fields": {"visit": ("conference_version",)}},
        {"fields": {"conference": ("given_name",)}},
        {"fields": {"message": ("purpose",)}},
        {"authorities": ()},
        {"expires_on": date(2026, 3, 31)},
    ],
)
def test_what_no_agreement_may_hold_is_refused(change: dict[str, object]) -> None:
    wrong = agreement.faults(replace(TERMS, **change), FIELDS, EVENTS)  # type: ignore[arg-type]
    assert len(wrong) == 1


def test_which_event_cannot_be_held_is_told_without_repeating_an_unknown_one() -> None:
    terms = replace(TERMS, events=("offer.made", "message.sent", "robin.example"))
    known, unknown = agreement.faults(terms, FIELDS, EVENTS)
    assert known.startswith("event 2 of the list (message.sent) is none")
    assert unknown.startswith("event 3 of the list is none")
    assert "robin" not in unknown


def test_which_fields_can_be_held_is_told() -> None:
    terms = replace(TERMS, fields={"visit": ("attempts",)})
    (wrong,) = agreement.faults(terms, FIELDS, EVENTS)
    assert wrong.startswith("a field of visit is none that an agreement can hold: ")
    assert "due_on" in wrong


def test_what_is_right_is_not_refused() -> None:
    assert agreement.faults(TERMS, FIELDS, EVENTS) == []


def test_the_usual_fields_hold_no_objection_no_safe_contact_and_no_version() -> None:
    usual = {name for entity in FIELDS for name in agreement.usual_fields(FIELDS[entity])}
    assert not usual & {"objection", "contact_stopped", "version", "conference_version"}
    assert {"conference_ref", "starts_at", "status"} <= usual


def test_no_field_to_share_is_a_free_text_or_an_identifier() -> None:
    named = {name for entity in agreement.ABOUT_A_CHILD for name in FIELDS[entity]}
    assert not [n for n in named if any(w in n for w in ("name", "birth", "upn", "nhs", "note"))]


KEYS = st.binary(min_size=32, max_size=32)


@given(KEYS, KEYS, st.uuids(), st.uuids())
def test_references_are_an_agencys_own_and_tell_nothing_of_ours(
    key: bytes, other_key: bytes, one: UUID, other: UUID
) -> None:
    assert cut.pseudonym(key, one) == cut.pseudonym(key, one)
    assert (cut.pseudonym(key, one) == cut.pseudonym(key, other)) == (one == other)
    assert (cut.pseudonym(key, one) == cut.pseudonym(other_key, one)) == (key == other_key)
    assert cut.pseudonym(key, one) != one
    assert cut.pseudonym(key, one).version == 8


@given(KEYS, st.uuids())
def test_an_events_id_in_a_feed_is_not_the_one_on_the_bus(key: bytes, child: UUID) -> None:
    made = cut.event_id(key, "019adc8f-3c7e-8a51-9d42-5b7fc0a1e2d3", child)
    assert made == cut.event_id(key, "019adc8f-3c7e-8a51-9d42-5b7fc0a1e2d3", child)
    assert str(made) != "019adc8f-3c7e-8a51-9d42-5b7fc0a1e2d3"
    assert made != cut.event_id(key, "019adc8f-3c7e-8a51-9d42-5b7fc0a1e2d4", child)


def test_an_event_is_cut_to_the_allowed_fields_with_references_replaced() -> None:
    key = b"k" * 32
    data = {"conference_ref": REF, "starts_at": NOW, "version": 3, "participation": None}
    made = cut.cut(data, ("starts_at", "conference_ref"), key)
    assert made == {"conference_ref": cut.pseudonym(key, REF), "starts_at": NOW}


def key_of(day: int, prefix: str, *, ended: bool = False) -> AgencyKey:
    at = datetime(2026, 11, day, tzinfo=UTC)
    shown = agency_key.written(prefix, "s" * 43)
    return AgencyKey(REF, "health", prefix, agency_key.digest_of(shown), at, at if ended else None)


def test_a_key_opens_while_it_is_live_and_no_other_does() -> None:
    shown = agency_key.written("abc", "s" * 43)
    assert agency_key.prefix_of(shown) == "abc"
    assert agency_key.opens(key_of(1, "abc"), shown)
    assert not agency_key.opens(key_of(1, "abc", ended=True), shown)
    assert not agency_key.opens(key_of(1, "abc"), f"{shown}x")


@pytest.mark.parametrize("text", ["", "alongside", "alongside_", "alongside_a", "other_a_b", "a"])
def test_what_is_no_key_of_ours_finds_nothing(text: str) -> None:
    assert agency_key.prefix_of(text) is None


def test_a_third_key_ends_the_oldest_live_one() -> None:
    keys = [key_of(3, "c"), key_of(1, "a", ended=True), key_of(2, "b")]
    assert agency_key.to_end(keys) == (key_of(2, "b"),)
    assert agency_key.to_end(keys[:1]) == ()
