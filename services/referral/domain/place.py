"""The rules of a place together with the days it works on."""

from dataclasses import dataclass

from services.contracts.codes import OfferMode, PermissionRule
from services.contracts.policy import Policy, WorkingCalendar


@dataclass(frozen=True, slots=True)
class Place:
    """One authority's policy and the calendar its deadlines count by."""

    policy: Policy
    calendar: WorkingCalendar

    @property
    def asks_a_parent(self) -> bool:
        """Whether a parent's permission comes first: a historical exception (practice 1)."""
        return self.policy.offer.permission is PermissionRule.PARENT

    @property
    def waits_for_a_yes(self) -> bool:
        """Whether nothing begins before somebody has opted in."""
        return self.policy.offer.mode is OfferMode.OPT_IN
