"""Every event: once into the log and its journey; twice, refused, early, contradictory."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from services.contracts.catalogue import EVENTS
from services.contracts.codes import ConferenceStatus, OfferStatus, VisitKind
from services.reporting.domain.periods import Period
from services.reporting.handlers.figures import Figures, figures
from services.reporting.handlers.reconciling import counts_by_type, event_ids, reconcile
from services.reporting.storage.repositories import count_alarms
from tests.component.reporting.families import Family
from tests.harness import World

Ask = Callable[..., Any]


def funnel(ask: Ask) -> dict[str, int]:
    found: Figures = ask(figures)
    return {name: count for name, count in asdict(found.funnel).items() if count}


def test_a_whole_journey_is_counted_step_by_step(world: World, ask: Ask) -> None:
    family = Family(world)
    family.conference()
    assert funnel(ask) == {}
    family.offer()
    assert funnel(ask) == {"referred": 1, "open": 1}
    family.explained()
    family.allocated()
    family.visit(VisitKind.BEFORE)
    assert funnel(ask) == {"referred": 1, "open": 1}
    family.visited(VisitKind.BEFORE)
    assert funnel(ask) == {"referred": 1, "taken_up": 1}


def test_participation_is_counted_once_the_conference_was_held(world: World, ask: Ask) -> None:
    family = Family(world)
    family.conference()
    assert sum(asdict(ask(figures).participation).values()) == 0
    family.held()
    assert ask(figures).participation.not_recorded == 1
    family.took_part(advocate_present=True, voice="advocate")
    assert ask(figures).participation.represented_by_advocate == 1
    assert ask(figures).participation.not_recorded == 0


def test_an_event_that_comes_twice_has_one_effect(world: World, ask: Ask) -> None:
    family = Family(world)
    family.conference()
    family.offer()
    before = ask(figures)
    for event in world.events():
        world.publish(event.type, event.data, id=event.id, sequence=event.sequence)
    assert ask(figures) == before
    assert ask(count_alarms) == 0


def test_the_same_event_under_a_new_sequence_has_one_effect(world: World, ask: Ask) -> None:
    family = Family(world)
    family.conference()
    made = family.offer()
    event = world.events("offer.made")[0]
    world.publish("offer.made", event.data, id=made)
    assert ask(counts_by_type) == {"conference.scheduled": 1, "offer.made": 1}
    assert ask(count_alarms) == 0


def test_the_same_id_with_other_content_is_an_alarm_and_not_applied(world: World, ask: Ask) -> None:
    family = Family(world)
    family.conference()
    made = family.offer()
    event = world.events("offer.made")[0]
    other = event.data.model_copy(update={"status": OfferStatus.WITHDRAWN, "version": 9})
    world.publish("offer.made", other, id=made, sequence=event.sequence)
    assert (ask(count_alarms), funnel(ask)) == (1, {"referred": 1, "open": 1})
    world.publish("offer.made", other, id=made)
    assert (ask(count_alarms), funnel(ask)) == (1, {"referred": 1, "open": 1})
    assert ask(reconcile).differences == ()


def test_what_comes_before_its_conference_waits_for_nothing(world: World, ask: Ask) -> None:
    family = Family(world)
    family.visited(VisitKind.AFTER)
    family.offer()
    family.held()
    assert funnel(ask) == {"referred": 1, "taken_up": 1}
    assert world.runners["reporting"].standing.waiting == 0


def test_an_older_state_that_comes_late_undoes_nothing(world: World, ask: Ask) -> None:
    family = Family(world)
    family.conference()
    family.offer()
    old = world.events("offer.made")[0].data
    family.declined()
    world.publish("offer.changed", old)
    assert funnel(ask) == {"referred": 1, "declined_by_child": 1}


def test_a_correction_corrects_the_figure(world: World, ask: Ask) -> None:
    family = Family(world)
    family.conference()
    family.offer()
    family.held()
    assert funnel(ask) == {"referred": 1, "not_known_if_told": 1}
    family.conference("changed", status=ConferenceStatus.SCHEDULED, held_at=None)
    assert funnel(ask) == {"referred": 1, "open": 1}


def test_an_event_that_breaks_its_contract_becomes_a_dead_letter(world: World, ask: Ask) -> None:
    family = Family(world)
    family.conference()
    event = world.events("conference.scheduled")[0]
    headers = (
        ("ce_specversion", b"1.0"),
        ("ce_id", b"broken-1"),
        ("ce_type", EVENTS["offer.made"].ce_type.encode()),
        ("ce_source", b"/services/referral"),
        ("ce_subject", event.subject.encode()),
        ("ce_time", b"2026-11-23T09:00:00Z"),
        ("ce_sequence", b"1"),
    )
    world.publish_raw("alongside.referral.v1", event.subject.encode(), headers, b'{"version": 0}')
    assert world.runners["reporting"].standing.dead_letters == 1
    assert "offer.made" not in ask(counts_by_type)
    assert [each.data.code for each in world.events("dead-letter.refused")] == ["breaks-contract"]


def test_every_kind_of_event_is_logged(world: World, ask: Ask) -> None:
    family = Family(world)
    family.conference()
    world.publish(
        "advocate.registered",
        {
            "version": 1,
            "advocate_ref": family.offer_ref,
            "authorities": ("E09000020",),
            "languages": ("en",),
            "skills": (),
            "capacity": 3,
            "active": True,
        },
    )
    assert ask(counts_by_type) == {"advocate.registered": 1, "conference.scheduled": 1}
    logged = world.desk("reporting").read(lambda work: list(event_ids(work)))
    assert sorted(logged) == sorted(event.id for event in world.events())


def test_figures_of_an_authority_and_a_period(world: World, ask: Ask) -> None:
    Family(world, 1).offer()
    Family(world, 2, authority="E08000039").offer()
    world.advance(world.now + timedelta(days=30))
    late = Family(world, 3)
    late.conference()
    late.offer()
    november, december = (
        Period.parse("2026-11-01..2026-11-30"),
        Period.parse("2026-12-01..2026-12-31"),
    )
    assert ask(figures).funnel.referred == 3
    assert ask(figures, "E09000020").funnel.referred == 2
    assert ask(figures, "E09000020", november).funnel.referred == 1
    assert ask(figures, None, november).events == {"offer.made": 2}
    assert ask(figures, "E09000020", december).events == {
        "conference.scheduled": 1,
        "offer.made": 1,
    }
