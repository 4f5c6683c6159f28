"""What scheduling is set up with, and what of that its handlers see."""

from dataclasses import dataclass

from pydantic import Field

from services.chassis.policies import Policies
from services.chassis.settings import ChassisSettings


class SchedulingSettings(ChassisSettings):
    """Settings of scheduling, beside those every service has."""

    calendar_days_back: int = Field(
        default=90, ge=0, description="How many past days an advocate's calendar still shows."
    )


@dataclass(frozen=True, slots=True)
class Scheduling:
    """What handlers find in `work.context`."""

    policies: Policies
    calendar_days_back: int
