"""Seals, opens and destroys the words of a view."""

from dataclasses import replace

from services.chassis.vault import Vault
from services.chassis.work import Work
from services.feedback.domain.child_view import ChildView
from services.feedback.domain.words import Words
from services.feedback.settings import Feedback
from services.feedback.storage.repositories import WORDS
from services.feedback.storage.tables import DATA_KEYS


def seal(work: Work[Feedback], view: ChildView, part: str, text: str) -> None:
    """Keep one text of a view, sealed; a new one takes the place of the former."""
    found = work.select(WORDS, view_ref=view.view_ref, part=part)
    kept = (
        found[0]
        if found
        else Words(work.new_ref("words", view.view_ref, part), view.view_ref, part, None)
    )
    sealed = _vault(work).seal(view.child_ref, part, kept.words_ref, text)
    work.save(WORDS, replace(kept, sealed=sealed))


def replace_by(work: Work[Feedback], view: ChildView, part: str, text: str | None) -> None:
    """Put another text in the place of the former; None destroys the former."""
    if text is not None:
        seal(work, view, part, text)
        return
    for kept in work.select(WORDS, view_ref=view.view_ref, part=part):
        work.save(WORDS, replace(kept, sealed=None))


def opened(work: Work[Feedback], view: ChildView, part: str) -> str | None:
    """Return one text of a view, if it is there."""
    for kept in work.select(WORDS, view_ref=view.view_ref, part=part):
        if kept.sealed is not None:
            return _vault(work).open(view.child_ref, part, kept.words_ref, kept.sealed)
    return None


def destroy(work: Work[Feedback], view: ChildView) -> None:
    """Destroy every text of a view; that there was one stays."""
    for kept in work.select(WORDS, view_ref=view.view_ref):
        work.save(WORDS, replace(kept, sealed=None))


def _vault(work: Work[Feedback]) -> Vault:
    return Vault(work, work.context.keys, DATA_KEYS)
