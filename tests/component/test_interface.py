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


def test_every_operation_says_in_a_sentence_what_it_does(tmp_path: Path) -> None:
    document = World(tmp_path).client.get("/openapi.json").json()
    operations = [each for path in document["paths"].values() for each in path.values()]
    names = {each["operationId"].replace("_", " ").lower() for each in operations}

    assert operations
    for each in operations:
        assert each["description"].startswith(each["summary"])
        assert not any(name.startswith(each["summary"].lower()) for name in names)
