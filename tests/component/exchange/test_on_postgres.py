"""The same story on PostgreSQL: what SQLite lets pass, it does not."""

from datetime import timedelta
from pathlib import Path

import pytest

from services.exchange.handlers.conference_files import import_conferences
from services.exchange.metrics import collect
from tests.component.exchange.story import a_child, an_offer, messages, post, register, said
from tests.component.exchange.test_conference_files import file_of, row
from tests.component.exchange.test_feed import agree, key_for, on_topic, pull, resolve
from tests.harness import World


@pytest.mark.postgres
def test_the_whole_story_of_the_exchange_on_postgresql(
    tmp_path: Path, empty_postgres_url: str
) -> None:
    world = World(tmp_path / "data", services=("exchange",), database_url=empty_postgres_url)
    agree(world, resolve=["name"])
    register(world, "advocacy-provider", "duty@advocacy.example")
    posted = post(world, children=[a_child(nhs_number="9434765919"), a_child(la_child_id="A2")])
    post(world, children=[a_child(communication_needs=["bsl"])])
    post(world, authority="373", children=[a_child(nhs_number="9434765919")])
    moved = {"starts_at": "2026-12-11T10:00:00Z"}
    assert world.client.post(f"{posted.url}/reschedule", json=moved).status_code == 200
    world.publish("offer.made", an_offer(posted))
    assert [message.status for message in messages(world)] == ["sent"]
    assert len(world.client.get("/v1/children/suggestions").json()["items"]) == 1
    report = import_conferences(world.desk("exchange"), file_of(row(7)), dry_run=False)
    assert (report.created, len(report.absent)) == (1, 2)
    world.settle()
    key = key_for(world)
    items = pull(world, key, size=200)["items"]
    assert [item["id"] for item in items] == [e["ce_id"] for e in on_topic(world)]
    assert resolve(world, key, items[0]["subject"]).status_code == 200
    first = world.client.get("/v1/conferences", params={"size": 1}).json()
    rest = world.client.get("/v1/conferences", params={"cursor": first["next"]}).json()
    assert len(first["items"]) + len(rest["items"]) == 3
    assert [metric.name for metric in collect(world.desk("exchange"))]
    world.advance(world.now + timedelta(days=200))
    assert "agency.ended" in said(world)
