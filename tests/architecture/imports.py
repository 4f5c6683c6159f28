"""What a rule may lean on, read from the imports of the whole tree."""

import sys

from grimp import ImportGraph

PURE = frozenset(
    {
        "services.contracts.codes",
        "services.contracts.deadlines",
        "services.contracts.local_time",
        "services.contracts.policy",
    }
)


def domain_modules(graph: ImportGraph) -> list[str]:
    """Return every module inside a `domain` room, sorted."""
    return sorted(name for name in graph.modules if "domain" in name.split(".")[2:])


def foreign_imports(graph: ImportGraph, module: str) -> set[str]:
    """Return what a domain module imports beside the standard library, its own room and PURE."""
    room = module[: module.index(".domain") + len(".domain")]
    return {
        imported
        for imported in graph.find_modules_directly_imported_by(module)
        if imported not in PURE
        and imported != room
        and not imported.startswith(f"{room}.")
        and not is_standard(imported)
    }


def is_standard(module: str) -> bool:
    return module.partition(".")[0] in sys.stdlib_module_names


def third_party_reached_from(graph: ImportGraph, module: str) -> set[str]:
    """Return every package outside the standard library that importing `module` brings in."""
    reached = graph.find_upstream_modules(module)
    return {name for name in reached if not name.startswith("services") and not is_standard(name)}
