"""What reporting is set up with, and what of that its handlers see."""

from dataclasses import dataclass

from services.chassis.policies import Policies
from services.chassis.settings import ChassisSettings


class ReportingSettings(ChassisSettings):
    """Settings of reporting: those every service has."""


@dataclass(frozen=True, slots=True)
class Reporting:
    """What handlers find in `work.context`."""

    policies: Policies
