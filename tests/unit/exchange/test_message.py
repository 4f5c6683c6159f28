"""A message goes one way only: nothing that was tried, withheld or lost sight of is tried again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.contracts.codes import MessagePurpose, Role
from services.exchange.domain.message import (
    TRANSITIONS,
    Message,
    MessageStatus,
    is_asked_again,
    moved_on,
)
from services.exchange.handlers.letters import text_for

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
REF = UUID("3e550000-0000-4000-8000-000000000001")
WAITING = Message(
    REF, REF, None, None, MessagePurpose.OTHER, Role.SOCIAL_WORKER, None, "/stories/1", NOW, NOW
)


def test_an_attempt_comes_before_every_end_that_speaks_of_one() -> None:
    for end in (MessageStatus.SENT, MessageStatus.FAILED):
        with pytest.raises(ValueError, match="never becomes"):
            moved_on(WAITING, end)
        assert moved_on(moved_on(WAITING, MessageStatus.ATTEMPTING), end).status is end


def test_after_a_crash_or_a_restore_it_can_be_unknown_whether_it_left() -> None:
    for before in (WAITING, moved_on(WAITING, MessageStatus.ATTEMPTING)):
        assert moved_on(before, MessageStatus.UNKNOWN).status is MessageStatus.UNKNOWN


@pytest.mark.parametrize(
    "end",
    [MessageStatus.SENT, MessageStatus.FAILED, MessageStatus.UNKNOWN, MessageStatus.WITHHELD],
)
def test_an_end_is_an_end(end: MessageStatus) -> None:
    assert TRANSITIONS[end] == frozenset()


LATER = UUID("3e550000-0000-4000-8000-000000000002")


@pytest.mark.parametrize("status", list(MessageStatus))
def test_a_newer_message_takes_the_place_of_an_older_unless_it_said_nothing(
    status: MessageStatus,
) -> None:
    newer = replace(WAITING, happened_at=NOW + timedelta(hours=1), status=status)
    said_nothing = status in {MessageStatus.WITHHELD, MessageStatus.FAILED}
    assert is_asked_again(WAITING, [WAITING, newer]) is not said_nothing
    assert not is_asked_again(newer, [WAITING, newer])


@pytest.mark.parametrize("status", list(MessageStatus))
def test_of_two_of_one_instant_one_leaves_and_none_for_one_that_has_left(
    status: MessageStatus,
) -> None:
    twin = replace(WAITING, message_ref=LATER, status=status)
    assert is_asked_again(WAITING, [WAITING, twin]) is (status is MessageStatus.WAITING)
    assert not is_asked_again(twin, [WAITING, twin])


@pytest.mark.parametrize(
    "other",
    [
        {"purpose": MessagePurpose.CONFIRM_NO},
        {"recipient_role": Role.ADVOCATE},
        {"recipient_ref": LATER},
        {"conference_ref": LATER},
        {"about_ref": LATER},
    ],
)
def test_another_message_takes_no_place(other: dict[str, Any]) -> None:
    newer = replace(WAITING, happened_at=NOW + timedelta(hours=1), **other)
    assert not is_asked_again(WAITING, [newer])


@pytest.mark.parametrize("purpose", list(MessagePurpose))
def test_there_is_a_text_for_every_purpose_and_it_names_the_way_and_the_help(
    purpose: MessagePurpose,
) -> None:
    text = text_for(purpose, "http://127.0.0.1:8080/stories/1")
    assert "http://127.0.0.1:8080/stories/1" in text
    assert "0800 1111" in text
    assert max(map(len, text.splitlines())) <= 100
