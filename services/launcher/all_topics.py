"""The topics of an installation, those of agencies too."""

from services.chassis import topics
from services.launcher.desks import desk
from services.launcher.settings import LauncherSettings

_OF_AGENCIES = "SELECT DISTINCT topic FROM outbox WHERE topic LIKE ? ORDER BY topic"


def all_topics(settings: LauncherSettings) -> list[str]:
    """Name every topic there should be, and those of agencies on which anything was ever said."""
    names = [spec.name for spec in topics.specs(settings.topic_prefix)]
    pattern = f"{settings.topic_prefix}.agency.%"
    with desk("exchange", settings) as exchange:
        found = exchange.read(lambda work: work.sql.rows(_OF_AGENCIES, (pattern,)))
    return [*names, *(str(row[0]) for row in found)]
