"""What the documents say is there: files, headings, commands, words of the log, the picture."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from typer.main import get_command

from services.contracts.catalogue import ANY_SERVICE, TOPICS
from services.launcher.__main__ import APP
from services.launcher.schemas.topics import SERVICES
from tests.machine import ROOT

PAGES = sorted(
    {
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "services").rglob("*.md"),
        *(ROOT / folder / "README.md" for folder in ("policies", "schemas", "tests")),
    }
)
EACH_PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))

LINK = re.compile(r"!?\[(?:[^\]]|\\\])*\]\(([^)\s]+)\)")
COMMAND = re.compile(r"(?:^|[`\s/])(make|alongside) ([^`|#\n]+)", re.MULTILINE)


def text_of(page: Path) -> str:
    return page.read_text("utf-8")


def code_of(text: str) -> Iterator[str]:
    """Yield what a page shows as code: its blocks line by line, and what stands in backticks."""
    for block in re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        yield from block.splitlines()
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    yield from re.findall(r"`([^`\n]+)`", prose)


def links_of(page: Path) -> Iterator[tuple[str, str]]:
    """Yield the relative links of a page as (path, heading)."""
    for target in LINK.findall(text_of(page)):
        if "://" not in target:
            path, _, heading = target.partition("#")
            yield path, heading


def headings_of(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", text_of(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def broken_links(page: Path) -> list[str]:
    broken = []
    for path, heading in links_of(page):
        target = (page.parent / path).resolve() if path else page
        if not target.exists():
            broken.append(path)
        elif heading and target.suffix == ".md" and heading not in headings_of(target):
            broken.append(f"{path}#{heading}")
    return broken


@EACH_PAGE
def test_every_link_leads_somewhere(page: Path) -> None:
    assert broken_links(page) == []


def test_a_broken_link_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One\n[a](page.md#one) [b](page.md#two) [c](gone.md) [d](https://x.example)")
    assert broken_links(page) == ["page.md#two", "gone.md"]


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", text_of(ROOT / "Makefile"), re.MULTILINE))


def unknown_commands(text: str) -> list[str]:
    """Return the commands shown as code that neither the Makefile nor `alongside` has."""
    unknown = []
    for code in code_of(text):
        for program, rest in COMMAND.findall(code):
            words = rest.split()
            known = words[0] in targets() if program == "make" else is_command(words)
            if not known:
                unknown.append(f"{program} {rest}".strip())
    return unknown


def is_command(words: list[str]) -> bool:
    """Whether `alongside` takes these words, and the options among them."""
    command: Any = get_command(APP)
    while hasattr(command, "commands"):
        if not words:
            return True
        if words[0] not in command.commands:
            return False
        command = command.commands[words.pop(0)]
    options = {name for one in command.params for name in one.opts}
    return all(word in options for word in words if re.fullmatch(r"--[a-z-]+", word))


@EACH_PAGE
def test_every_command_that_is_shown_exists(page: Path) -> None:
    assert unknown_commands(text_of(page)) == []


@pytest.mark.parametrize(
    "shown",
    ["make coffee", "alongside fly", "alongside topics eat", "alongside up --sideways"],
)
def test_a_command_that_does_not_exist_is_seen(shown: str) -> None:
    assert unknown_commands(f"Try `{shown}`.") == [shown]
    assert unknown_commands(f"```\n{shown}   # a remark\n```") != []


def test_a_command_that_exists_is_left_alone() -> None:
    assert unknown_commands("`make test TESTS=x`, `alongside topics renew referral.v1`") == []


def test_the_event_that_readme_follows_is_where_it_says() -> None:
    _, _, section = text_of(ROOT / "README.md").partition("## One event followed")
    rows = re.findall(r"^\|.*\]\(([^)]+)\) \| `([^`]+)` \|$", section, re.MULTILINE)
    assert len(rows) > 10
    assert [row for row in rows if row[1] not in text_of(ROOT / row[0])] == []


def test_every_word_of_the_log_is_explained_and_none_besides() -> None:
    _, _, section = text_of(ROOT / "docs/operating.md").partition("## What each word in the log")
    table, _, _ = section.partition("\n## ")
    cells = re.findall(r"^\|([^|]*)\|", table, re.MULTILINE)
    explained = {word for cell in cells for word in re.findall(r"`([a-z-]+)`", cell)}
    assert explained == logged_words()


def logged_words() -> set[str]:
    return {
        str(call.args[0].value)
        for path in (ROOT / "services").rglob("*.py")
        for call in ast.walk(ast.parse(text_of(path)))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in {"log", "warn"}
        and isinstance(call.args[0], ast.Constant)
    }


def test_the_picture_shows_who_writes_and_reads_which_topic() -> None:
    picture = ET.parse(ROOT / "docs/services-and-topics.svg")  # noqa: S314 -- our own file
    shown = {
        (verb, mark.get("data-service"), mark.get(f"data-{verb}"))
        for mark in picture.iter()
        for verb in ("writes", "reads")
        if mark.get(f"data-{verb}")
    }
    agencies = ("writes", "exchange", "agency.<id>.v1")
    assert shown == {agencies, *written(), *read()}


def written() -> Iterator[tuple[str, str, str]]:
    for name, topic in TOPICS.items():
        for service in SERVICES if topic.producer == ANY_SERVICE else (topic.producer,):
            yield "writes", service, name


def read() -> Iterator[tuple[str, str, str]]:
    for service in SERVICES:
        subscriptions = import_module(f"services.{service}.subscriptions").SUBSCRIPTIONS
        for name in subscriptions.topics:
            yield "reads", service, name
