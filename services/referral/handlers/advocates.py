"""The commands about advocates: who there is, and what follows when that changes."""

from dataclasses import replace
from uuid import UUID

from services.chassis.aggregates import Due
from services.chassis.errors import Refused
from services.chassis.work import Work
from services.referral.domain.advocate import Advocate, joined, left
from services.referral.handlers.searching import offer_room, reconsider
from services.referral.settings import Referral
from services.referral.storage.repositories import ADVOCATES, PANELS, held_by, panel_of


def register(work: Work[Referral], advocate: Advocate) -> Advocate:
    """Register an advocate; whoever waits is tried again."""
    if work.find(ADVOCATES, advocate.advocate_ref) is not None:
        raise Refused("already-registered", "this advocate is registered: change the registration")
    registered = work.record(ADVOCATES, advocate, "registered")
    _sit_on_panels(work, registered, before=())
    offer_room(work, registered.advocate_ref)
    return registered


def change(work: Work[Referral], advocate: Advocate) -> Advocate:
    """Change what is known of an advocate; bonds that may no longer be end, room is filled."""
    known = work.get(ADVOCATES, advocate.advocate_ref)
    news = replace(advocate, version=known.version)
    if news == known:
        return known
    changed = work.record(ADVOCATES, news, "changed")
    _sit_on_panels(work, changed, before=known.authorities)
    for bond in held_by(work, changed.advocate_ref):
        reconsider(work, bond)
    offer_room(work, changed.advocate_ref)
    return changed


def _sit_on_panels(work: Work[Referral], advocate: Advocate, before: tuple[str, ...]) -> None:
    for authority in sorted(set(advocate.authorities) - set(before)):
        work.save(PANELS, joined(panel_of(work, authority), advocate.advocate_ref))
    for authority in sorted(set(before) - set(advocate.authorities)):
        work.save(PANELS, left(panel_of(work, authority), advocate.advocate_ref))


def when_an_advocate_may_act_no_more(work: Work[Referral], due: Due) -> None:
    """End the bonds of an advocate whose checks or training ended with the day before."""
    for bond in held_by(work, UUID(due.key)):
        reconsider(work, bond)
