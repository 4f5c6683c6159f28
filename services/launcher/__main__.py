"""The `alongside` command: every verb it has, in one place."""

import sys

import typer

from services.chassis.installation import keep_private
from services.launcher.commands import (
    agencies,
    conferences,
    dead_letters,
    keeping,
    messages,
    running,
    topics,
)
from services.launcher.commands.demo import demo
from services.launcher.commands.rebuilding import rebuild
from services.launcher.commands.reconciling import reconcile

APP = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Independent advocacy for every child in a child protection conference.",
)
APP.command()(running.up)
APP.command()(running.stop)
APP.command()(running.status)
APP.command()(demo)
APP.command()(running.config)
APP.command()(reconcile)
APP.command()(rebuild)
APP.command()(keeping.backup)
APP.command()(keeping.restore)
APP.add_typer(topics.APP, name="topics")
APP.add_typer(conferences.APP, name="conferences")
APP.add_typer(dead_letters.APP, name="dead-letters")
APP.add_typer(messages.APP, name="messages")
APP.add_typer(agencies.AGENCY, name="agency")
APP.add_typer(agencies.AGREEMENT, name="agreement")


def main() -> None:
    """Be the command."""
    keep_private()
    if "--help" not in sys.argv:
        # Standard output is the command's own; what a Kafka client complains of is not for it.
        from services.chassis.logs import set_up  # noqa: PLC0415  (help is there at once)

        set_up("alongside", "ERROR")
    APP()


if __name__ == "__main__":
    main()
