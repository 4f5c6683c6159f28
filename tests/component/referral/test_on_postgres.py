"""A whole story on PostgreSQL: what SQLite lets pass in types and locks, it does not."""

from datetime import timedelta
from pathlib import Path

import pytest

from services.contracts.codes import LapsedBecause, OfferStatus
from services.referral.metrics import collect
from tests.component.referral.story import HELD_AT, Story, child_ref

pytestmark = pytest.mark.postgres


def test_offers_allocations_and_clocks_go_their_way(
    tmp_path: Path, empty_postgres_url: str
) -> None:
    story = Story(tmp_path / "data", database_url=empty_postgres_url)
    story.advocate(1, capacity=1)
    story.conference(number=1)
    story.conference(number=2, starts_at=HELD_AT + timedelta(days=60))
    story.child("contact-stopped", contact_stopped=False)
    assert story.post("accepted", 1, heard_directly=True).status_code == 200
    story.advocate(2)
    assert story.bond(2).is_bound
    assert story.about_bond("conflict", 2).json()["status"] == "conflict"
    listed = story.world.client.get("/v1/offers", params={"child_ref": str(child_ref(2))}).json()
    assert [one["status"] for one in listed["items"]] == ["standing"]
    desk = story.world.desk("referral")
    shown = {s.name: s.value for metric in collect(desk) for s in metric.samples}
    assert shown["alongside_referral_bonds"] == 1
    story.world.advance(HELD_AT)
    story.held(1)
    story.world.advance(HELD_AT + timedelta(days=10))
    assert story.offer(1).status is OfferStatus.ACCEPTED
    assert len(story.said("offer.escalated")) == 3


def test_an_unanswered_offer_lapses(tmp_path: Path, empty_postgres_url: str) -> None:
    story = Story(tmp_path / "data", database_url=empty_postgres_url).begun()
    story.world.advance(HELD_AT)
    story.held(1)
    story.world.advance(HELD_AT + timedelta(days=10))
    assert story.offer().lapsed_because is LapsedBecause.HELD_NEVER_TOLD
