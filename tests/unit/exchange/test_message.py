"""A message goes one way only: nothing that was tried, withheld or lost sight of is tried again."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from services.contracts.codes import MessagePurpose, Role
from services.exchange.domain.message import TRANSITIONS, Message, MessageStatus, moved_on
from services.exchange.handlers.letters import text_for

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
REF = UUID("3e550000-0000-4000-8000-000000000001")
WAITING = Message(
    REF, REF, None, None, MessagePurpose.OTHER, Role.SOCIAL_WORKER, None, "/stories/1", NOW, NOW
)


def test_an_attempt_comes_before_every_end_that_speaks_of_one() -> None:
    for end in (MessageStatus.SENT, MessageStatus.FAILED, MessageStatus.UNKNOWN):
        with pytest.raises(ValueError, match="never becomes"):
            moved_on(WAITING, end)
        assert moved_on(moved_on(WAITING, MessageStatus.ATTEMPTING), end).status is end


@pytest.mark.parametrize(
    "end",
    [MessageStatus.SENT, MessageStatus.FAILED, MessageStatus.UNKNOWN, MessageStatus.WITHHELD],
)
def test_an_end_is_an_end(end: MessageStatus) -> None:
    assert TRANSITIONS[end] == frozenset()


@pytest.mark.parametrize("purpose", list(MessagePurpose))
def test_there_is_a_text_for_every_purpose_and_it_names_the_way_and_the_help(
    purpose: MessagePurpose,
) -> None:
    text = text_for(purpose, "http://127.0.0.1:8080/stories/1")
    assert "http://127.0.0.1:8080/stories/1" in text
    assert "0800 1111" in text
    assert max(map(len, text.splitlines())) <= 100
