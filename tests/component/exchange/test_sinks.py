"""The ways out: a mail server that takes, refuses or breaks off, and files where there is none."""

import socket
import stat
import threading
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from pydantic import SecretStr

from services.chassis.errors import Misconfigured
from services.exchange.app import sink_of
from services.exchange.handlers.letters import SUBJECT, Letter
from services.exchange.handlers.sinks import FileSink, Handover, MailSink
from services.exchange.settings import ExchangeSettings

REF = UUID("3e550000-0000-4000-8000-000000000001")
LETTER = Letter(REF, "worker@council.example", SUBJECT, "Please see to it.\n")
SENDER = "alongside@alongside.invalid"


class Server:
    """A mail server that answers every letter as it is told."""

    def __init__(self) -> None:
        self.answer = "250 OK"
        self.of_the_sender = "250 OK"
        self.of_the_reader = "250 OK"
        self.taken: list[Any] = []

    async def handle_MAIL(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        envelope.mail_from = address
        return self.of_the_sender

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.of_the_reader

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            self.taken.append(envelope)
        return self.answer


@pytest.fixture
def server() -> Iterator[tuple[Server, SecretStr]]:
    handler = Server()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield handler, SecretStr(f"smtp://127.0.0.1:{controller.port}")
    controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_a_mail_server_takes_the_letter_with_its_fixed_id(
    server: tuple[Server, SecretStr],
) -> None:
    handler, url = server
    assert MailSink(url, SENDER).hand_over(LETTER) is Handover.DONE
    (envelope,) = handler.taken
    mail = message_from_bytes(envelope.content)
    assert envelope.rcpt_tos == ["worker@council.example"]
    assert mail["Message-ID"] == f"<{REF}@alongside.invalid>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Subject"] == SUBJECT


@pytest.mark.parametrize(
    ("answer", "handover"),
    [
        ("550 no such mailbox", Handover.REJECTED),
        ("451 try again later", Handover.TRY_LATER),
        ("421 closing", Handover.TRY_LATER),
        ("554 5.7.1 blocked by policy", Handover.NOBODY_THERE),
        ("552 5.3.4 too big", Handover.REJECTED),
    ],
)
def test_a_mail_servers_answer_decides_what_comes_next(
    server: tuple[Server, SecretStr], answer: str, handover: Handover
) -> None:
    handler, url = server
    handler.answer = answer
    assert MailSink(url, SENDER).hand_over(LETTER) is handover


@pytest.mark.parametrize(
    "answer", ["550 sender not allowed", "530 5.7.0 sign in first", "452 4.3.1 no room"]
)
def test_a_server_that_does_not_take_our_sender_has_not_refused_the_letter(
    server: tuple[Server, SecretStr], answer: str
) -> None:
    handler, url = server
    handler.of_the_sender = answer
    assert MailSink(url, SENDER).hand_over(LETTER) is Handover.NOBODY_THERE


@pytest.mark.parametrize(
    ("answer", "handover"),
    [
        ("550 5.7.1 relaying denied", Handover.NOBODY_THERE),
        ("554 5.7.1 client host blocked", Handover.NOBODY_THERE),
        ("550 5.1.1 no such mailbox", Handover.REJECTED),
        ("550 no such mailbox", Handover.REJECTED),
        ("450 4.2.0 greylisted", Handover.TRY_LATER),
        ("452 4.2.2 mailbox full", Handover.TRY_LATER),
    ],
)
def test_of_what_is_said_when_the_reader_is_named_only_a_policy_is_about_us(
    server: tuple[Server, SecretStr], answer: str, handover: Handover
) -> None:
    handler, url = server
    handler.of_the_reader = answer
    assert MailSink(url, SENDER).hand_over(LETTER) is handover


def test_a_server_that_is_not_there_is_tried_later() -> None:
    url = SecretStr(f"smtp://127.0.0.1:{free_port()}")
    assert MailSink(url, SENDER).hand_over(LETTER) is Handover.NOBODY_THERE


def test_a_server_that_never_says_a_word_is_given_up_and_tried_later() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = SecretStr(f"smtp://127.0.0.1:{listening.getsockname()[1]}")
        assert MailSink(url, SENDER, patience_s=0.2).hand_over(LETTER) is Handover.NOBODY_THERE


def test_a_server_that_wants_another_password_has_not_refused_the_letter(
    server: tuple[Server, SecretStr],
) -> None:
    _, url = server
    wrong = SecretStr(url.get_secret_value().replace("smtp://", "smtp://user:wrong@"))
    assert MailSink(wrong, SENDER).hand_over(LETTER) is Handover.NOBODY_THERE


def test_a_server_that_breaks_off_leaves_it_unknown() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        sink = MailSink(SecretStr(f"smtp://127.0.0.1:{port}"), SENDER)
        breaking = BreaksOff(listening)
        breaking.start()
        assert sink.hand_over(LETTER) is Handover.LOST_SIGHT
        breaking.join(10)


class BreaksOff(threading.Thread):
    """A server that goes away in the middle of a letter."""

    def __init__(self, listening: socket.socket) -> None:
        super().__init__(daemon=True)
        self._listening = listening

    def run(self) -> None:
        connection, _ = self._listening.accept()
        with connection, connection.makefile("rwb", buffering=0) as talk:
            talk.write(b"220 here\r\n")
            for answer in (b"250 hello", b"250 from", b"250 to", b"354 go on"):
                talk.readline()
                talk.write(answer + b"\r\n")
            talk.readline()


@pytest.mark.parametrize("url", ["localhost:25", "http://localhost", "smtp://"])
def test_a_wrong_address_of_the_mail_server_is_said_in_one_sentence(url: str) -> None:
    with pytest.raises(Misconfigured, match="ALONGSIDE_SMTP_URL"):
        MailSink(SecretStr(url), SENDER)


def test_without_a_mail_server_letters_are_files_for_the_owner_only(tmp_path: Path) -> None:
    sink = FileSink(tmp_path / "messages", SENDER)
    assert sink.hand_over(LETTER) is Handover.DONE
    (path,) = (tmp_path / "messages").iterdir()
    assert path.name == f"{REF}.eml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert message_from_bytes(path.read_bytes())["To"] == "worker@council.example"


def test_a_folder_that_cannot_be_written_to_is_tried_later(tmp_path: Path) -> None:
    (tmp_path / "messages").write_text("a file where the folder should be")
    assert FileSink(tmp_path / "messages", SENDER).hand_over(LETTER) is Handover.NOBODY_THERE


def test_the_setting_decides_which_way_out_there_is(tmp_path: Path) -> None:
    files = ExchangeSettings(data=tmp_path)
    mail = ExchangeSettings(data=tmp_path, smtp_url=SecretStr("smtps://user:p%40ss@mail.example"))
    assert isinstance(sink_of(files), FileSink)
    assert isinstance(sink_of(mail), MailSink)
    assert "p@ss" not in repr(mail)
    assert "p%40ss" not in repr(mail)
