"""What reporting shows on `/metrics`, and what it must not."""

from services.reporting.metrics import SENTENCES, collect
from tests.component.reporting.families import Family
from tests.harness import World


def samples(world: World) -> dict[tuple[str, str], float]:
    return {
        (sample.name, next(iter(sample.labels.values()), "")): sample.value
        for metric in collect(world.desk("reporting"))
        for sample in metric.samples
    }


def test_events_alarms_and_late_cases_are_counted(world: World) -> None:
    family = Family(world)
    family.conference()
    made = family.offer(overdue=True)
    event = world.events("offer.made")[0]
    other = event.data.model_copy(update={"rung": 7})
    world.publish("offer.made", other, id=made, sequence=event.sequence)
    found = samples(world)
    assert found["alongside_reporting_events", "offer.made"] == 1
    assert found["alongside_reporting_log_size", ""] == 2
    assert found["alongside_reporting_content_alarms", ""] == 1
    assert found["alongside_reporting_late", "telling-overdue"] == 1


def test_no_metric_tells_about_a_child_a_place_or_an_outcome(world: World) -> None:
    family = Family(world)
    family.conference()
    family.offer()
    family.declined()
    metrics = list(collect(world.desk("reporting")))
    labels = {label for metric in metrics for sample in metric.samples for label in sample.labels}
    assert labels <= {"type", "reason"}
    assert {metric.name for metric in metrics} == set(SENTENCES)
    said = str([metric.samples for metric in metrics])
    assert "E09000020" not in said
    assert str(family.child_ref) not in said
