"""Where things are looked for: what belongs to the clone is found from any folder."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from services.launcher.broker_choice import choose_broker
from services.launcher.settings import LauncherSettings
from tests.machine import JARS, ROOT


def test_from_any_folder_a_command_means_the_jars_and_policies_of_the_clone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ALONGSIDE_KAFKA_JARS", "ALONGSIDE_POLICIES"):
        monkeypatch.delenv(name, raising=False)
    told = subprocess.run(
        [Path(sys.executable).with_name("alongside"), "config", "--json"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        check=True,
    )
    shown = json.loads(told.stdout)
    assert (shown["kafka_jars"], shown["policies"]) == (str(JARS), str(ROOT / "policies"))


@pytest.mark.kafka
def test_from_any_folder_the_broker_of_the_clone_is_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ALONGSIDE_KAFKA_JARS", "KAFKA_BOOTSTRAP_SERVERS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    choice = choose_broker(LauncherSettings(data=tmp_path, broker="auto"))
    assert (choice.kind, choice.own is not None) == ("kafka", True)
