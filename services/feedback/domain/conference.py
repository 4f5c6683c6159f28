"""What feedback knows of a conference: enough to say whether a view can still reach it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.contracts.codes import ConferenceStatus


@dataclass(frozen=True, slots=True)
class Conference:
    """One child's conference; `as_of` is the version that exchange gave it.

    `sat_at` is when it first sat; one that was put off before its hour has not.
    """

    conference_ref: UUID
    child_ref: UUID
    status: ConferenceStatus
    as_of: int
    sat_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class News:
    """What was said of a conference, and when; `session_at` is when a child took part in it.

    `before` is how it stood until then, if anything was known of it.
    """

    before: ConferenceStatus | None
    status: ConferenceStatus
    starts_at: datetime
    held_at: datetime | None
    session_at: datetime | None
    said_at: datetime


def first_sat_at(known: datetime | None, news: News) -> datetime | None:
    """Return when a conference first sat, as far as that is known; it never sits less.

    One that is put off at or after its hour was broken off; before its hour nobody sat, and what is
    said of it later, while it is put off, makes no sitting of that hour.
    """
    put_off_now = news.status is ConferenceStatus.ADJOURNED and news.before is not news.status
    was_broken_off = put_off_now and news.said_at >= news.starts_at
    heard = (
        known,
        news.held_at if news.status is ConferenceStatus.HELD else None,
        news.starts_at if was_broken_off else None,
        news.session_at,
    )
    return min((at for at in heard if at is not None), default=None)
