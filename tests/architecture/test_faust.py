"""What loses events in Faust is not used: `take` drops a batch, `app.send` and tables lie beside
the transaction. The figures are in docs/decisions."""

import ast
from collections.abc import Iterator

from tests.machine import ROOT

LOSING = {
    "take": "commits what a failing batch never handled",
    "take_events": "commits what a failing batch never handled",
    "send": "publishes beside the transaction; the outbox does not",
    "send_soon": "publishes beside the transaction; the outbox does not",
    "Table": "keeps state beside the database",
    "GlobalTable": "keeps state beside the database",
    "SetTable": "keeps state beside the database",
    "SetGlobalTable": "keeps state beside the database",
    "add_sink": "publishes beside the transaction; the outbox does not",
}


def losing_calls(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and name of every call of what loses events, in a module that uses Faust."""
    tree = ast.parse(source)
    if not _uses_faust(tree):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute) and node.func.attr in LOSING:
                yield node.lineno, node.func.attr
            yield from ((node.lineno, "sink") for key in node.keywords if key.arg == "sink")


def _uses_faust(tree: ast.AST) -> bool:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "faust":
            return True
        if isinstance(node, ast.Import) and any(
            a.name.split(".")[0] == "faust" for a in node.names
        ):
            return True
    return False


def test_nothing_of_faust_that_loses_events_is_used() -> None:
    used = {
        f"{path.relative_to(ROOT)}:{line}": name
        for path in (ROOT / "services").rglob("*.py")
        for line, name in losing_calls(path.read_text("utf-8"))
    }
    assert used == {}


def test_a_planted_take_is_seen_and_noack_take_is_not() -> None:
    planted = (
        "import faust\n"
        "async def agent(stream):\n"
        "    async for batch in stream.noack_take(10, within=0.01):\n"
        "        await app.send('topic', 1)\n"
        "    async for batch in stream.take(10, within=0.01):\n"
        "        pass\n"
    )
    assert sorted(losing_calls(planted)) == [(4, "send"), (5, "take")]
    assert list(losing_calls(planted.replace("import faust", "import kafka"))) == []
