"""An installation with synthetic families behind a real HTTP port, for a real browser."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import uvicorn

from services.chassis.api import make_app
from tests.harness import START, World
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

AUTHORITY = "E09000020"
AGENCY = "synthetic-school"
PATIENCE_S = 20.0


@dataclass
class Site:
    """One installation: its address, its world, and the references of its synthetic families."""

    world: World
    url: str = ""
    advocate: str = ""
    newcomer: str = ""
    first_meeting: str = ""
    meeting: str = ""
    conference: str = ""
    child: str = ""
    visit: str = ""
    view: str = ""
    shared_view: str = ""
    others: list[str] = field(default_factory=list)

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Call the API as a machine does, let everything happen that follows; return the answer."""
        answer = self.world.client.post(path, json=body or {})
        assert answer.status_code < 300, (path, answer.status_code, answer.text)
        self.world.settle()
        return answer.json() if answer.content else None

    def get(self, path: str) -> Any:
        """Read from the API."""
        answer = self.world.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.json()

    def schedule(self, number: str, days: int, *children: str) -> Any:
        """Schedule a conference about synthetic children, by their first names."""
        starts_at = START + timedelta(days=days, hours=1)
        return self.post(
            "/v1/conferences",
            {
                "conference_id": number,
                "authority": AUTHORITY,
                "kind": "initial",
                "starts_at": starts_at.isoformat(),
                "format": "in_person",
                "place": "Synthetic House, room 1",
                "family_informed_on": "2026-11-20",
                "chair": {"name": "Chair Synthetic", "email": "chair@example.org"},
                "children": [_child(number, name) for name in children],
            },
        )

    def ask(self, path: str) -> str:
        """Return the whole address of a page."""
        return self.url + path


def _child(number: str, name: str) -> dict[str, Any]:
    return {
        "la_child_id": f"{number}{name}"[:20],
        "given_name": name,
        "family_name": "Synthetic",
        "date_of_birth": "2016-04-01",
        "language": "en",
        "social_worker": {"name": "Worker Synthetic", "email": "worker@example.org"},
    }


def seeded(folder: Path) -> Site:
    """Make the installation and let its families' stories begin."""
    site = Site(World(folder))
    _advocate(site)
    _agency(site)
    taken = site.schedule("S1", 10, "Robin", "Kim")
    site.meeting = taken["meeting_ref"]
    site.conference, site.child = (
        taken["children"][0]["conference_ref"],
        taken["children"][0]["child_ref"],
    )
    site.others = [
        site.schedule(f"S{n}", n, f"Alex{n}")["children"][0]["conference_ref"] for n in range(2, 6)
    ]
    (visit,) = (v for v in _visits(site) if v["kind"] == "before")
    site.visit = visit["visit_ref"]
    (first,) = (v for v in _visits(site) if v["kind"] == "introduction")
    site.first_meeting = first["visit_ref"]
    site.view = _view(site, [])
    site.shared_view = _view(site, ["chair"])
    site.post(f"/v1/child-views/{site.shared_view}/share")
    # A day on which something is late, and a conference is held.
    site.world.advance(START + timedelta(days=3, hours=2))
    return site


def _visits(site: Site) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = site.get(f"/v1/visits?conference_ref={site.conference}")["items"]
    return found


def _advocate(site: Site) -> None:
    person = {"role": "advocate", "name": "Advocate Synthetic", "email": "advocate@example.org"}
    site.advocate = site.post("/v1/people", person)["person_ref"]
    newcomer = {"role": "advocate", "name": "New Synthetic", "email": "new@example.org"}
    site.newcomer = site.post("/v1/people", newcomer)["person_ref"]
    site.post(
        "/v1/advocates",
        {
            "advocate_ref": site.advocate,
            "authorities": [AUTHORITY],
            "languages": ["en"],
            "skills": [],
            "capacity": 5,
            "employed_by": "synthetic-provider",
            "checks_valid_until": "2028-01-01",
            "training_valid_until": "2028-01-01",
        },
    )


def _agency(site: Site) -> None:
    site.post("/v1/agencies", {"agency_ref": AGENCY, "name": "Synthetic School"})
    site.post(
        "/v1/agreements",
        {
            "agency_ref": AGENCY,
            "events": ["conference.scheduled", "conference.held"],
            "purpose": "education",
            "legal_basis": "public-task",
            "authorities": [AUTHORITY],
            "starts_on": "2026-01-01",
            "expires_on": "2027-12-31",
        },
    )


def _view(site: Site, audience: list[str]) -> str:
    body = {
        "child_ref": site.child,
        "conference_ref": site.conference,
        "author": "advocate",
        "medium": "spoken",
        "provenance": "own-words",
        "statements": [{"text": "I want to stay at my school.", "approved_for": audience}],
    }
    ref: str = site.post("/v1/child-views", body)["view_ref"]
    return ref


@contextmanager
def served(site: Site) -> Iterator[Site]:
    """Serve an installation on a free port of loopback, in a thread."""
    desks = [runner.desk for runner in site.world.runners.values()]
    config = uvicorn.Config(
        make_app(desks),
        host="127.0.0.1",
        port=0,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        site.url = f"http://127.0.0.1:{_port(server)}"
        yield site
    finally:
        server.should_exit = True
        thread.join(PATIENCE_S)


def _port(server: uvicorn.Server) -> int:
    until(lambda: server.started, "the server starts", PATIENCE_S)
    port: int = server.servers[0].sockets[0].getsockname()[1]
    return port
