"""The one HTTP process of a single machine: the pages and APIs of all services."""

import sys

from services.chassis.api import run_api
from services.chassis.errors import Misconfigured
from services.chassis.installation import keep_private
from services.launcher.settings import LauncherSettings
from services.launcher.system import build_all


def main() -> None:
    """Serve until told to stop."""
    keep_private()
    try:
        run_api(build_all(LauncherSettings()))
    except Misconfigured as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
