"""No event that nobody says, and none that nobody explains.

Each service tells in its README which events come in and which go out. These tests hold over the
services that have a README and a map of subscriptions; what a service really says is counted by
the journeys.
"""

import re
from importlib import import_module
from pathlib import Path

import pytest

from services.contracts.catalogue import ANY_SERVICE, EVENTS, TOPICS
from services.launcher.schemas.topics import SERVICES, readers

HOUSE = Path(__file__).parents[2] / "services"
WITH_README = [service for service in SERVICES if (HOUSE / service / "README.md").is_file()]
PRODUCERS = {topic.producer for topic in TOPICS.values()} - {ANY_SERVICE}
READING = readers()
BOTH = [service for service in WITH_README if service in READING]

EACH_README = pytest.mark.parametrize("service", WITH_README)


def table(service: str, heading: str) -> set[str]:
    """Read the events of one table: the first cell of each row, in backticks."""
    text = (HOUSE / service / "README.md").read_text(encoding="utf-8")
    _, _, after = text.partition(f"## {heading}\n")
    section = re.split(r"^## ", after, maxsplit=1, flags=re.MULTILINE)[0]
    cells = re.findall(r"^\|([^|]*)\|", section, flags=re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`([a-z-]+\.[a-z-]+)`", cell)}


@EACH_README
def test_a_readme_explains_only_events_that_exist(service: str) -> None:
    assert (table(service, "Events in") | table(service, "Events out")) - set(EVENTS) == set()


@EACH_README
def test_a_service_says_only_its_own_events(service: str) -> None:
    said = table(service, "Events out")
    owners = {EVENTS[name].service for name in said}
    assert owners <= {service, ANY_SERVICE}


@pytest.mark.parametrize("service", [one for one in WITH_README if one in PRODUCERS])
def test_every_event_of_a_service_is_said_in_its_readme(service: str) -> None:
    own = {name for name, event in EVENTS.items() if event.service == service}
    assert own - table(service, "Events out") == set()


@pytest.mark.parametrize("service", BOTH)
def test_a_readme_lists_the_events_its_service_subscribes_to(service: str) -> None:
    subscriptions = import_module(f"services.{service}.subscriptions").SUBSCRIPTIONS
    listed = table(service, "Events in")
    if subscriptions.every is None:
        assert listed == set(subscriptions.events)
    else:
        assert set(subscriptions.events) <= listed
