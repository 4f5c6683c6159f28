"""What waits for somebody, as `/metrics` shows it."""

from datetime import timedelta

from services.referral.metrics import collect
from tests.component.referral.story import STARTS_AT, Story


def shown(story: Story) -> dict[str, float]:
    desk = story.world.desk("referral")
    return {sample.name: sample.value for metric in collect(desk) for sample in metric.samples}


def test_what_waits_is_counted_and_answers_are_not(story: Story) -> None:
    story.advocate(1, capacity=1)
    for number in range(1, 5):
        story.conference(number=number)
    story.post("paused", 4)
    story.world.advance(STARTS_AT - timedelta(days=1))
    assert shown(story) == {
        "alongside_referral_untold": 3,
        "alongside_referral_unmet": 2,
        "alongside_referral_unmet_alarmed": 2,
        "alongside_referral_undecided": 1,
        "alongside_referral_bonds": 1,
    }
