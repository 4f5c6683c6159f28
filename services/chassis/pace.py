"""How fast a loop goes round: on a busy machine fewer, larger batches do the same work cheaper."""

from services.chassis.clock import monotonic

LONGEST_REST_S = 0.025


def rest_after(begun: float) -> float:
    """Return how many seconds to rest after a round that began then: as long as it took.

    An idle machine does a round in a few milliseconds, so a single event hardly waits. On one
    that is short of processors rounds take longer, so more comes together for the next; a round
    costs the same for one event as for twenty.
    """
    return min(monotonic() - begun, LONGEST_REST_S)
