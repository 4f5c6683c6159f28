"""The interface for programs, all services together: every address says what it does."""

from pathlib import Path

from tests.harness import World


def test_every_operation_is_described_in_a_sentence(tmp_path: Path) -> None:
    document = World(tmp_path).client.get("/openapi.json").json()
    silent = [
        f"{method} {path}"
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if not operation.get("description", "").rstrip().endswith((".", ";", ":"))
    ]
    assert document["paths"]
    assert silent == []
