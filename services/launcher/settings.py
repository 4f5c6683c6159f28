"""What the launcher is set up with: the settings of every service, and its own."""

from pathlib import Path

from pydantic import Field

from services.chassis.settings import ChassisSettings
from services.launcher.kafka_home import USUAL_FOLDER


class LauncherSettings(ChassisSettings):
    """Settings from the environment, `ALONGSIDE_*`; options of a command win over them."""

    kafka_jars: Path = Field(
        default=USUAL_FOLDER, description="Folder of Kafka's jars, filled by `make setup`."
    )
