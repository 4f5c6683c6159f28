"""Reads the form in which a child's words are put down: nobody may read anything unless ticked."""

import re
from typing import Final
from uuid import UUID

from services.chassis.web import Mistake, Reader, Submitted
from services.contracts.codes import Audience, Medium, Provenance, ViewAuthor
from services.feedback.handlers.child_views import NewStatement, NewView

MOST_STATEMENTS: Final = 50
LONGEST: Final = 10_000
_NUMBER: Final = re.compile(r"\b[0-9]{1,3}\b")

AUTHORS: Final = (
    (ViewAuthor.CHILD, "I am the child, these are my words"),
    (ViewAuthor.ADVOCATE, "The child's advocate"),
    (ViewAuthor.OTHER, "Somebody else"),
)

PROVENANCES: Final = (
    (Provenance.OWN_WORDS, "The child's own words"),
    (Provenance.TRANSLATED, "The child's words, translated"),
    (Provenance.DRAWN, "A drawing, told in words here"),
    (Provenance.OBSERVATION, "What somebody saw: not the child's words"),
)

MEDIA: Final = (
    (Medium.SPOKEN, "Said"),
    (Medium.WRITTEN, "Written"),
    (Medium.DRAWN, "Drawn"),
    (Medium.SIGNED, "Signed"),
    (Medium.SYMBOLS, "With symbols or pictures"),
    (Medium.RECORDING, "Recorded"),
    (Medium.OBSERVED, "Seen by somebody"),
    (Medium.OTHER, "In another way"),
)

AUDIENCES: Final = (
    (Audience.CHAIR, "The person who leads the meeting"),
    (Audience.PROFESSIONALS, "The other people who work there"),
    (Audience.PARENTS_PRESENT, "It may be said while my parents are in the room"),
    (Audience.MINUTES, "It may be written down in the notes of the meeting"),
    (Audience.NAMED_PERSON, "One person I have named to my advocate"),
)


def blocks_of(form: Submitted) -> list[int]:
    """Return the numbers of the form's statements; a number is never used for another one."""
    numbers = [int(part) for part in _NUMBER.findall(form["statements"])]
    return list(dict.fromkeys(numbers))[:MOST_STATEMENTS] or [1]


def with_statement(form: Submitted) -> Submitted:
    """Add a statement, for nobody."""
    blocks = blocks_of(form)
    return form.with_fields(statements=_joined([*blocks, max(blocks) + 1]))


def without_statement(form: Submitted, number: int) -> Submitted:
    """Take a statement away."""
    return form.with_fields(statements=_joined([n for n in blocks_of(form) if n != number]))


def read_view(form: Submitted, conference_ref: UUID, child_ref: UUID) -> NewView | list[Mistake]:
    """Read the form, or say all that is missing."""
    reader = Reader(form)
    author = reader.choice("author", ViewAuthor, "Choose who is writing this down")
    provenance = reader.choice("provenance", Provenance, "Choose whose words they are")
    medium = reader.choice("medium", Medium, "Choose how it was said")
    statements = tuple(_statement(reader, number) for number in blocks_of(form))
    if reader.mistakes or author is None or provenance is None or medium is None:
        return reader.mistakes
    return NewView(child_ref, conference_ref, author, medium, provenance, "und", statements)


def _statement(reader: Reader, number: int) -> NewStatement:
    name = f"statement-{number}-text"
    text = reader.text(name, "Write down what you want people to know")
    if len(text) > LONGEST or "\0" in text:
        reader.mistakes.append(Mistake(name, "Use fewer than 10,000 letters, and letters only"))
    return NewStatement(text, reader.chosen(f"statement-{number}-approved_for", Audience))


def _joined(blocks: list[int]) -> str:
    return ",".join(str(number) for number in blocks)
