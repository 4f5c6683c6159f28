"""`alongside topics provision | list | renew`: the topics of this installation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from services.launcher.commands.running import Data, installed
from services.launcher.commands.saying import AsJson, as_json, one_sentence, out, table

if TYPE_CHECKING:
    from services.launcher.settings import LauncherSettings

APP = typer.Typer(no_args_is_help=True, help="The topics of this installation.")


@APP.command()
def provision(data: Data = None) -> None:
    """Create the topics that are missing, each with its genesis records."""
    from services.chassis import topics as chassis_topics
    from services.chassis.installation import installation_id
    from services.launcher.standing import reached_bus

    with one_sentence():
        settings = installed(data)
        wanted = chassis_topics.specs(settings.topic_prefix)
        made = chassis_topics.provision(
            reached_bus(settings), wanted, installation_id(settings.data)
        )
    for name in made:
        out.print(f"created {name}", highlight=False)
    if not made:
        out.print("All topics are there.")


@APP.command("list")
def show(data: Data = None, *, json: AsJson = False) -> None:
    """List the topics, those of agencies too, with their ids, partitions and ends."""
    from services.launcher.all_topics import all_topics
    from services.launcher.standing import reached_bus

    with one_sentence():
        settings = installed(data)
        names = all_topics(settings)
        admin = reached_bus(settings).admin()
        states = admin.describe(names)
        admin.close()
    if json:
        shown = [
            {"topic": name, "id": s.topic_id if (s := states.get(name)) else None,
             "ends": s.ends if s else {}}
            for name in names
        ]  # fmt: skip
        as_json(shown)
    else:
        rows = [
            (name, s.topic_id if (s := states.get(name)) else "missing", dict(s.ends) if s else "")
            for name in names
        ]
        table(("topic", "id", "next offset of each partition"), rows)


@APP.command()
def renew(topic: str, data: Data = None) -> None:
    """Make a topic anew and let its service say everything again: the remedy for a damaged log."""
    from services.chassis import topics as chassis_topics
    from services.chassis.installation import installation_id
    from services.launcher.standing import reached_bus
    from services.launcher.system import NAMES

    with one_sentence():
        settings = installed(data)
        specs = {s.name: s for s in chassis_topics.specs(settings.topic_prefix)}
        full = topic if topic in specs else f"{settings.topic_prefix}.{topic}"
        if full not in specs:
            raise typer.BadParameter(f"choose one of: {', '.join(specs)}")
        bus = reached_bus(settings)
        admin = bus.admin()
        admin.delete(full)
        admin.close()
        chassis_topics.provision(bus, [specs[full]], installation_id(settings.data))
        said = sum(_said_in(full, name, settings) for name in NAMES)
    out.print(f"{full} is new; {said} events are being said again.", highlight=False)


def _said_in(topic: str, name: str, settings: LauncherSettings) -> int:
    from services.launcher.desks import desk

    with desk(name, settings) as opened:
        count = "SELECT count(*) FROM outbox WHERE topic = ?"
        return int(opened.read(lambda work: work.sql.rows(count, (topic,)))[0][0])
