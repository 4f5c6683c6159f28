"""The words of messages: one text for each purpose, in plain English, naming nobody."""

from dataclasses import dataclass
from importlib.resources import files
from typing import Final
from uuid import UUID

from services.contracts.codes import MessagePurpose

SUBJECT: Final = "Something waits for you in Alongside"
"""The same for every purpose: a subject is shown on locked screens."""

_FRAME: Final = """{task}
See to it here: {link}

This message names nobody on purpose. Please do not reply to it, and do not write a child's name
into an e-mail.

If a child is in danger now, call 999. Children can call Childline on 0800 1111.
"""


@dataclass(frozen=True, slots=True)
class Letter:
    """One message as it is handed to a sink; the reference is also its Message-ID."""

    message_ref: UUID
    to: str
    subject: str
    text: str


def text_for(purpose: MessagePurpose, link: str) -> str:
    """Return the text of a message for this purpose."""
    return _text(purpose.value, link)


def text_for_who_finds_the_chair(link: str) -> str:
    """Return the text for who may not read a view, and is to see that the chair can."""
    return _text("chair-unreachable", link)


def _text(name: str, link: str) -> str:
    task = files(__package__).joinpath(f"{name}.txt").read_text("utf-8")
    return _FRAME.format(task=task, link=link)
