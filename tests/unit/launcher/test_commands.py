"""A command acts on the installation that is there, and says in one sentence why it cannot."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner, Result

from services.chassis.installation import installation_id
from services.launcher.__main__ import APP

if TYPE_CHECKING:
    from pathlib import Path

WRONG_USE = 2
AGREEMENT = (
    "agreement", "add", "ag-one", "--event", "offer.made", "--purpose", "health",
    "--legal-basis", "public-task",
)  # fmt: skip


SLOW_TO_END = """
import os, signal, sys, threading
from pathlib import Path
from services.launcher.run_file import RunFile, RunState
run_file, told = RunFile(Path(sys.argv[1])), threading.Event()
signal.signal(signal.SIGTERM, lambda *_: told.set())
run_file.claim()
run_file.write(RunState(os.getpid(), "http://127.0.0.1:1", "faust", "system", {}))
print("ready", flush=True)
told.wait()
run_file.release()
threading.Event().wait(1)
"""


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Name an empty folder beside which the keys would lie; no setting of the machine counts."""
    for name in [name for name in os.environ if name.startswith(("ALONGSIDE_", "KAFKA_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ALONGSIDE_BROKER", "embedded")
    monkeypatch.setenv("ALONGSIDE_KEYS", str(tmp_path / "keys"))
    return tmp_path / "data"


def say(data: Path, *words: str) -> Result:
    return CliRunner().invoke(APP, [*words, "--data", str(data)])


@pytest.mark.parametrize(
    "words",
    [
        ("stop",),
        ("status",),
        ("reconcile",),
        ("rebuild", "reporting"),
        ("topics", "list"),
        ("topics", "provision"),
        ("topics", "renew", "exchange.v1"),
        ("dead-letters", "list"),
        ("agency", "list"),
        ("agency", "add", "ag-one", "--name", "x"),
        ("agreement", "list"),
        (*AGREEMENT, "--authority", "E09000020", "--until", "2027-01-01"),
    ],
)
def test_a_folder_without_an_installation_is_refused_and_stays_as_it_was(
    data: Path, words: tuple[str, ...]
) -> None:
    told = say(data, *words)
    assert told.exit_code == WRONG_USE, told.output
    assert "there is no installation in" in told.output
    assert not data.exists()


def test_a_list_of_conferences_is_not_taken_into_a_folder_without_an_installation(
    data: Path, tmp_path: Path
) -> None:
    (tmp_path / "list.csv").write_text("conference_id\n")
    told = say(data, "conferences", "import", str(tmp_path / "list.csv"))
    assert (told.exit_code, data.exists()) == (WRONG_USE, False)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("agency", "add", "Bad Name", "--name", "x"), "agency_ref: 2 to 31 small letters"),
        ((*AGREEMENT, "--authority", "NONSENSE", "--until", "2027-01-01"), "authorities: "),
        ((*AGREEMENT, "--authority", "207", "--until", "9999-12-31"), "has a last day"),
    ],
)
def test_a_value_that_breaks_a_rule_is_named_in_one_sentence(
    data: Path, words: tuple[str, ...], said: str
) -> None:
    installation_id(data)
    assert say(data, "agency", "add", "ag-one", "--name", "One").exit_code == 0
    told = say(data, *words)
    assert told.exit_code == WRONG_USE, told.output
    assert said in told.output
    assert len(told.output.strip().splitlines()) == 1


def test_an_authority_of_an_agreement_may_be_named_by_its_education_code(data: Path) -> None:
    installation_id(data)
    say(data, "agency", "add", "ag-one", "--name", "One")
    made = say(data, *AGREEMENT, "--authority", "207", "--until", "2027-01-01")
    assert made.exit_code == 0, made.output
    (agreement,) = json.loads(say(data, "agreement", "list", "--json").output)
    assert agreement["terms"]["authorities"] == ["E09000020"]


def test_nobody_else_on_the_machine_can_read_what_a_process_writes(data: Path) -> None:
    settings = {**os.environ, "ALONGSIDE_DATA": str(data)}
    command = [sys.executable, "-m", "services.exchange", "migrate"]
    subprocess.run(command, env=settings, check=True)
    modes = {path.name: path.stat().st_mode & 0o777 for path in (data, *data.iterdir())}
    assert modes.pop("data") == 0o700
    assert modes["exchange.sqlite3"] == 0o600
    assert set(modes.values()) == {0o600}


def test_a_database_that_cannot_be_opened_is_named_in_one_sentence(data: Path) -> None:
    installation_id(data)
    (data / "exchange.sqlite3").mkdir()
    told = say(data, "agency", "list")
    assert told.exit_code == WRONG_USE, told.exception
    assert told.output.startswith("alongside: the database of exchange in ")
    assert len(told.output.strip().splitlines()) == 1


def test_a_broker_that_is_not_there_is_said_in_one_sentence_and_not_where_json_is_read(
    data: Path,
) -> None:
    installation_id(data)
    told = subprocess.run(
        [sys.executable, "-m", "services.launcher", "topics", "list", "--json", "--data", data],
        env={
            **os.environ,
            "ALONGSIDE_BROKER": "external",
            "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert (told.returncode, told.stdout) == (WRONG_USE, "")
    assert told.stderr.splitlines()[-1].startswith("alongside: the broker does not answer: ")


def test_a_third_key_says_which_one_ended_and_stands_alone_for_a_pipe(data: Path) -> None:
    installation_id(data)
    say(data, "agency", "add", "ag-one", "--name", "One")
    first, second, third = (say(data, "agency", "key", "create", "ag-one") for _ in range(3))
    assert [first.stderr, second.stderr] == ["", ""]
    assert third.stdout.count("\n") == 1
    beginning = "_".join(first.stdout.split("_")[:2])
    assert f"the one that begins {beginning}_ ended" in third.stderr


def test_when_stop_returns_the_process_is_gone_and_not_only_its_lock(data: Path) -> None:
    installation_id(data)
    with subprocess.Popen(
        [sys.executable, "-c", SLOW_TO_END, data], stdout=subprocess.PIPE
    ) as slow:
        assert slow.stdout is not None
        slow.stdout.readline()
        told = say(data, "stop")
        assert (told.exit_code, told.output) == (0, "Stopped.\n")
        assert slow.poll() == 0
