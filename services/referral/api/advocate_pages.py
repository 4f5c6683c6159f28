"""The page on which a team leader says what an advocate can do, and so brings them to children."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError

from services.chassis import ids
from services.chassis.errors import Refused
from services.chassis.web import (
    Mistake,
    PageRoute,
    Reader,
    Submitted,
    page,
    see_other,
    tried,
)
from services.chassis.work import Work
from services.contracts.codes import Need
from services.contracts.local_time import london_date
from services.referral.api import bodies
from services.referral.api.advocate_wording import says_lapsed
from services.referral.api.doors import Form, ReferralCommand, ReferralDesk
from services.referral.domain.advocate import Advocate
from services.referral.handlers import advocates
from services.referral.settings import Referral
from services.referral.storage.repositories import ADVOCATES

ADVOCATE_PAGES: Final = APIRouter(route_class=PageRoute, include_in_schema=False)

SKILLS: Final = (
    (Need.INTERPRETER, "Working with an interpreter"),
    (Need.EASY_READ, "Easy read"),
    (Need.PICTURES, "Pictures or symbols"),
    (Need.BSL, "British Sign Language"),
    (Need.MAKATON, "Makaton"),
    (Need.HEARING, "Children who are deaf or hard of hearing"),
    (Need.VISION, "Children who see little or nothing"),
    (Need.SPEECH, "Children who do not speak"),
    (Need.AUTISM, "Autism"),
    (Need.LEARNING, "Learning disability"),
    (Need.MOBILITY, "Children who cannot get about easily"),
)

ASKS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "authorities": "Enter the codes of the authorities, like E09000020",
        "languages": "Enter the codes of the languages, like en",
        "capacity": "Enter how many children at most, a number from 0 to 500",
        "employed_by": "Enter the provider's short name in small letters, like youth-voice",
    }
)
"""What is said where a field cannot be read, in the order of the page."""

DATES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "checks_valid_until": "The day until which the checks are valid",
        "training_valid_until": "The day until which the training is valid",
    }
)

A_MONTH: Final = timedelta(days=31)

_USUAL: Final = {"languages": ["en"]}


@ADVOCATE_PAGES.get("/advocates/new")
def ask_advocate(
    request: Request, advocate_ref: UUID, desk: ReferralDesk, *, done: bool = False
) -> Response:
    """Ask what somebody can do who was named to the exchange, or what has changed with them."""
    known, now = desk.read(lambda work: (work.find(ADVOCATES, advocate_ref), work.now))
    lapsed = says_lapsed(known, london_date(now)) if known else ""
    if known is not None and done:
        return page(
            request,
            "referral/advocate-registered.html",
            advocate_ref=advocate_ref,
            lapsed=lapsed,
        )
    form = Submitted({"key": [ids.token()], **(_filled_in(known) if known else _USUAL)})
    return _ask(request, advocate_ref, form, lapsed=lapsed)


@ADVOCATE_PAGES.post("/advocates/new")
def take_advocate(
    request: Request, advocate_ref: UUID, form: Form, command: ReferralCommand
) -> Response:
    """Register the advocate, or keep what changed; what is wrong is said beside its field."""
    reader = Reader(form)
    kept, now = command.desk.read(lambda work: (work.find(ADVOCATES, advocate_ref), work.now))
    body = read_advocate(reader, advocate_ref, kept, london_date(now))
    mistakes = tuple(reader.mistakes)
    if body is not None:

        def once(work: Work[Referral]) -> str:
            known = work.find(ADVOCATES, advocate_ref)
            if known is None:
                advocates.register(work, body.of(advocate_ref))
            elif form["version"] != str(known.version):
                raise Refused("changed-meanwhile", "somebody else changed this: open it again")
            else:
                change = replace(body.of(advocate_ref, known.conflicts), active=known.active)
                advocates.change(work, change)
            return f"/advocates/new?advocate_ref={advocate_ref}&done=true"

        done = tried(command, once, form["key"])
        if done.address:
            return see_other(done.address)
        mistakes = done.mistakes
    return _ask(request, advocate_ref, form, mistakes)


def _ask(
    request: Request,
    advocate_ref: UUID,
    form: Submitted,
    mistakes: tuple[Mistake, ...] = (),
    lapsed: str = "",
) -> Response:
    return page(
        request,
        "referral/advocate.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if mistakes else HTTPStatus.OK,
        advocate_ref=advocate_ref,
        known=bool(form["version"]),
        lapsed=lapsed,
        skills=SKILLS,
        form=form,
        mistakes=mistakes,
    )


def _filled_in(known: Advocate) -> dict[str, list[str]]:
    dates = {name: getattr(known, name) for name in DATES}
    parts = {
        f"{name}-{part}": [str(getattr(day, part))]
        for name, day in dates.items()
        for part in ("day", "month", "year")
    }
    return {
        "authorities": [" ".join(known.authorities)],
        "languages": [" ".join(known.languages)],
        "skills": [str(skill) for skill in known.skills],
        "capacity": [str(known.capacity)],
        "employed_by": [known.employed_by],
        "version": [str(known.version)],
        **parts,
    }


def read_advocate(
    reader: Reader, advocate_ref: UUID, kept: Advocate | None, today: date
) -> bodies.RegisterBody | None:
    """Read the form as the API reads its body, so that both take the same."""
    form = reader.form
    filled: dict[str, Any] = {
        "advocate_ref": advocate_ref,
        "authorities": form["authorities"].upper().replace(",", " ").split(),
        "languages": form["languages"].lower().replace(",", " ").split(),
        "skills": [skill.value for skill in reader.chosen("skills", Need)],
        "capacity": form["capacity"],
        "employed_by": form["employed_by"],
    }
    wrong = _wrong(filled)
    reader.mistakes += [Mistake(name, ask) for name, ask in ASKS.items() if name in wrong]
    for name, label in DATES.items():
        known = len(reader.mistakes)
        filled[name] = reader.date(name, label)
        if filled[name] is None and len(reader.mistakes) == known:
            reader.mistakes.append(Mistake(f"{name}-day", f"{label} is missing"))
        elif filled[name] is not None:
            slip = _slip(filled[name], getattr(kept, name, None), today)
            reader.mistakes += [Mistake(f"{name}-day", f"{label} {slip}")] if slip else []
    return None if reader.mistakes else bodies.RegisterBody.model_validate(filled)


def _slip(day: date, kept: date | None, today: date) -> str | None:
    """Say what is wrong with the last day of checks or training, if it is a slip of the hand.

    Who is new would be given to nobody; that somebody's checks have ended is said soon after.
    """
    if kept is None:
        return "is in the past" if day < today else None
    long_ago = day < today - A_MONTH and day != kept
    return "is more than a month ago: check the year" if long_ago else None


def _wrong(filled: Mapping[str, Any]) -> set[str]:
    """Name the fields that the API would not take; the days are read apart."""
    try:
        bodies.RegisterBody.model_validate(filled)
    except ValidationError as error:
        return {str(each["loc"][0]) for each in error.errors(include_input=False)}
    return set()
