"""What referral is set up with, and what of that its handlers see."""

from dataclasses import dataclass

from services.chassis.policies import Policies
from services.chassis.settings import ChassisSettings


class ReferralSettings(ChassisSettings):
    """Settings of referral: those every service has."""


@dataclass(frozen=True, slots=True)
class Referral:
    """What handlers find in `work.context`."""

    policies: Policies
