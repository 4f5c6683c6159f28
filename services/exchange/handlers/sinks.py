"""The ways out to people: real mail by SMTP, or files where no mail is set up."""

import asyncio
import re
from contextlib import suppress
from email.message import EmailMessage
from enum import Enum
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib
from pydantic import SecretStr

from services.chassis.errors import Misconfigured
from services.contracts.codes import Channel
from services.exchange.handlers.letters import Letter

_GOODBYE_S = 1.0
_PATIENCE_S = 6.0
"""For reaching the server, and again for the letter: all of it ends before the lease does."""
_FOR_GOOD = 500
"""From here on a mail server's answer is no; below it means: not now (RFC 5321, 4.2.1)."""
_POLICY: Final = re.compile(r"5\.7\.\d")
"""What a no begins with that is about who sends, and from where (RFC 3463, 3.8)."""


class Handover(Enum):
    """What came of handing a letter over.

    `NOBODY_THERE`: no server answers, or it takes nothing from us: that says nothing of the letter.
    """

    DONE = "done"
    REJECTED = "rejected"
    TRY_LATER = "try-later"
    NOBODY_THERE = "nobody-there"
    LOST_SIGHT = "lost-sight"


class Sink(Protocol):
    """Hands letters over, one at a time."""

    @property
    def channel(self) -> Channel:
        """The way they go."""
        ...

    def hand_over(self, letter: Letter) -> Handover:
        """Hand a letter over once; never again by itself."""
        ...


class FileSink:
    """Writes letters as files that any mail program opens, where there is no mail server.

    Args:
        folder: where the letters are put, named by their reference.
    """

    channel = Channel.FILE

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    def hand_over(self, letter: Letter) -> Handover:
        path = self._folder / f"{letter.message_ref}.eml"
        draft = path.with_suffix(".draft")
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft.touch(mode=0o600)
            draft.write_bytes(_mail(letter, self._sender).as_bytes())
            draft.replace(path)
        except OSError:
            # No room, or no folder to write to: nothing has left, and no letter is at fault.
            return Handover.NOBODY_THERE
        return Handover.DONE


class MailSink:
    """Sends letters by SMTP.

    Args:
        url: `smtp://` (with STARTTLS where the server has it) or `smtps://`, user and password
            in it where the server asks for them.
        patience_s: how long reaching the server may take, and handing the letter over again.
    """

    channel = Channel.EMAIL

    def __init__(self, url: SecretStr, sender: str, patience_s: float = _PATIENCE_S) -> None:
        self._server = _server(url)
        self._sender = sender
        self._patience_s = patience_s

    def hand_over(self, letter: Letter) -> Handover:
        try:
            return asyncio.run(self._send(_mail(letter, self._sender)))
        except aiosmtplib.SMTPSenderRefused:
            return Handover.NOBODY_THERE
        except aiosmtplib.SMTPRecipientsRefused as refused:
            return _meaning(refused.recipients[0])
        except aiosmtplib.SMTPResponseException as answer:
            return _meaning(answer)
        except (aiosmtplib.SMTPException, OSError):
            # It broke after the server was reached: nobody can say whether the letter went out.
            return Handover.LOST_SIGHT

    async def _send(self, mail: EmailMessage) -> Handover:
        client = aiosmtplib.SMTP(timeout=self._patience_s, **self._server)
        try:
            async with asyncio.timeout(self._patience_s):
                await client.connect()
        except (aiosmtplib.SMTPException, OSError):
            # Whatever it was, a wrong password too: it is no answer to the letter.
            return Handover.NOBODY_THERE
        try:
            async with asyncio.timeout(self._patience_s):
                await client.send_message(mail)
            with suppress(aiosmtplib.SMTPException, OSError):
                await client.quit(timeout=_GOODBYE_S)
        finally:
            client.close()
        return Handover.DONE


def _meaning(answer: aiosmtplib.SMTPResponseException) -> Handover:
    """Say whether the server refuses the letter, refuses us, or asks to come again."""
    if answer.code < _FOR_GOOD:
        return Handover.TRY_LATER
    is_about_us = _POLICY.match(answer.message) is not None
    return Handover.NOBODY_THERE if is_about_us else Handover.REJECTED


def _mail(letter: Letter, sender: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = letter.to
    mail["Subject"] = letter.subject
    mail["Message-ID"] = f"<{letter.message_ref}@alongside.invalid>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.text)
    return mail


def _server(url: SecretStr) -> dict[str, Any]:
    parts = urlsplit(url.get_secret_value())
    if parts.scheme not in {"smtp", "smtps"} or parts.hostname is None:
        raise Misconfigured("ALONGSIDE_SMTP_URL is smtp://host:port or smtps://host:port")
    return {
        "hostname": parts.hostname,
        "port": parts.port,
        "username": unquote(parts.username) if parts.username else None,
        "password": unquote(parts.password) if parts.password else None,
        "use_tls": parts.scheme == "smtps",
    }
