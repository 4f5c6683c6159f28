"""The first steps and the agencies' consumer, done as the documents write them."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from services.chassis.bus import Message, Partition
from services.chassis.embedded_bus import EmbeddedBus
from services.chassis.kafka_native import NativePublisher
from services.exchange.api.feed_view import example
from services.exchange.domain.cells import COLUMNS, REQUIRED
from services.launcher.kafka_broker import KafkaBroker
from tests.harness import PREFIX, World
from tests.integration.kafka_kit import new_topic
from tests.machine import ROOT

FIRST_STEPS = (ROOT / "docs/first-steps.md").read_text("utf-8")
FOR_AGENCIES = (ROOT / "docs/for-agencies.md").read_text("utf-8")

REQUEST = re.compile(
    r"http://127\.0\.0\.1:8080(/v1/\S+) \\\n"
    r"  -H 'Content-Type: application/json' -H 'Idempotency-Key: (\S+)' -d @- <<END(?: \|)?\n"
    r"(.*?)^END$",
    re.MULTILINE | re.DOTALL,
)
TOPIC = f"{PREFIX}.agency.nhs-example.v1"


def block(text: str, language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return str(found)


def test_the_page_of_a_feed_shows_the_same_consumer_as_the_document() -> None:
    assert block(FOR_AGENCIES, "python") == example("nhs-example", "alongside", "127.0.0.1:9092")


def do_the_first_steps(world: World) -> list[tuple[str, int, Any]]:
    """Send every request of the document in its order; return address, status and answer."""
    answers: list[tuple[str, int, Any]] = []
    advocate = ""
    for address, key, body in REQUEST.findall(FIRST_STEPS):
        answer = world.client.post(
            address,
            content=body.replace("$ADVOCATE", advocate),
            headers={"Content-Type": "application/json", "Idempotency-Key": key},
        )
        answers.append((address, answer.status_code, answer.json()))
        advocate = answer.json().get("person_ref", advocate)
        world.settle()
    return answers


def test_the_first_steps_lead_to_an_advocate_and_two_messages(tmp_path: Path) -> None:
    world = World(tmp_path / "data")
    answers = do_the_first_steps(world)
    assert FIRST_STEPS.count("-d @-") == len(answers)
    assert [(address, status) for address, status, _ in answers] == [
        ("/v1/people", 201),
        ("/v1/people", 201),
        ("/v1/people", 201),
        ("/v1/advocates", 201),
        ("/v1/conferences", 202),
    ]
    assert answers[-1][2]["warnings"] == []
    assert len(world.events("allocation.allocated")) == 1
    messages = world.client.get("/v1/messages").json()["items"]
    assert {(one["reached_role"], one["status"]) for one in messages} == {
        ("social-worker", "sent"),
        ("advocate", "sent"),
    }
    board = world.client.get("/v1/board").json()
    assert (board["funnel"]["referred"], board["funnel"]["open"], board["late"]) == (1, 1, [])


WITHHELD = "family-not-informed"


def test_the_list_of_the_first_steps_goes_in_whole(tmp_path: Path) -> None:
    world = World(tmp_path / "data", services=("exchange",))
    (address,) = re.findall(r"'http://127\.0\.0\.1:8080(/v1/conferences/import)\?", FIRST_STEPS)
    answer = world.client.post(
        address, content=block(FIRST_STEPS, "csv"), headers={"Content-Type": "text/csv"}
    )
    report = answer.json()
    assert (report["created"], report["refused"]) == (3, [])
    # The one cell that the page leaves empty, and says why it matters.
    assert [(one["line"], one["code"]) for one in report["warnings"]] == [(4, WITHHELD)]
    assert report["ignored_columns"] == []


def test_the_first_steps_name_every_column_and_which_are_required() -> None:
    _, _, section = FIRST_STEPS.partition("## 5. ")
    required, _, others = section.partition("All others may be missing")
    assert columns_of(required) == set(REQUIRED)
    assert columns_of(others) == COLUMNS.keys() - set(REQUIRED)


def columns_of(text: str) -> set[str]:
    cells = re.findall(r"^\| (`[^|]*) \|", text, re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}


@pytest.mark.kafka
@pytest.mark.timeout(300)
def test_the_consumer_of_an_agency_reads_its_cut_from_kafka_and_drops_what_comes_again(
    tmp_path: Path, kafka_broker: KafkaBroker
) -> None:
    world = World(tmp_path / "data")
    agree(world)
    do_the_first_steps(world)
    cut = list(on_topic(world.bus))
    assert len(cut) > 1
    new_topic(kafka_broker.bootstrap, partitions=1, name=TOPIC)
    with closing(NativePublisher(kafka_broker.bootstrap)) as publisher:
        publisher.publish([*cut, *cut])
        publisher.publish([marked_as_last(cut[-1])])
    numbers = [int(dict(message.headers)["ce_sequence"]) for message in cut]
    assert consumed(kafka_broker.bootstrap, len(cut) + 1) == [*numbers, 1_000]


def agree(world: World) -> None:
    world.client.post("/v1/agencies", json={"agency_ref": "nhs-example", "name": "Synthetic"})
    terms = {
        "agency_ref": "nhs-example",
        "events": ["conference.scheduled", "offer.made"],
        "purpose": "health",
        "legal_basis": "public-task",
        "authorities": ["E08000032"],
        "starts_on": "2026-04-01",
        "expires_on": "2027-03-31",
    }
    assert world.client.post("/v1/agreements", json=terms).status_code == 201
    world.settle()


def on_topic(bus: EmbeddedBus) -> Iterator[Message]:
    """Yield what is on the agency's topic behind the genesis record."""
    with closing(bus.admin()) as admin, closing(bus.reader()) as reader:
        state = admin.describe([TOPIC])[TOPIC]
        for chunk in reader.read(Partition(TOPIC, state.topic_id, 0), 1, state.ends[0]):
            for record in chunk:
                yield Message(TOPIC, record.key, tuple(record.headers), record.value or b"")


def marked_as_last(message: Message) -> Message:
    headers = {**dict(message.headers), "ce_sequence": b"1000"}
    return Message(TOPIC, message.key, tuple(headers.items()), message.value)


def consumed(bootstrap: str, count: int) -> list[int]:
    """Run the document's consumer until it has said so many lines; return the numbers in them."""
    program = block(FOR_AGENCIES, "python").replace("127.0.0.1:9092", bootstrap)
    assert bootstrap in program
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True
    ) as consumer:
        assert consumer.stdout is not None
        try:
            lines = [consumer.stdout.readline() for _ in range(count)]
        finally:
            consumer.terminate()
    return [int(line.split(" ")[2]) for line in lines]
