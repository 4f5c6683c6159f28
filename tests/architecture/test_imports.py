"""Who may import whom, so that a rule can be read, and a service moved, without the rest."""

import subprocess
import sys
from pathlib import Path

import grimp
import pytest

from tests.architecture.imports import domain_modules, foreign_imports, third_party_reached_from
from tests.machine import ROOT


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("services", include_external_packages=True, cache_dir=None)


def test_the_contracts_of_imports_are_kept() -> None:
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_rules_lean_on_codes_policy_and_the_standard_library_only(
    graph: grimp.ImportGraph,
) -> None:
    modules = domain_modules(graph)
    assert modules, "no domain room was found"
    foreign = {module: found for module in modules if (found := foreign_imports(graph, module))}
    assert foreign == {}


def test_the_broker_can_be_fetched_before_anything_is_installed(graph: grimp.ImportGraph) -> None:
    assert third_party_reached_from(graph, "services.launcher.kafka_jars") == set()


def test_a_planted_import_in_a_rule_is_seen() -> None:
    graph = grimp.ImportGraph()
    planted = "services.referral.domain.offer"
    for imported in (
        "services.referral.domain.ladder",
        "services.contracts.policy",
        "services.contracts.referral_events",
        "services.chassis.clock",
        "services.referral.settings",
        "datetime",
        "pydantic",
    ):
        graph.add_import(importer=planted, imported=imported)
    assert foreign_imports(graph, planted) == {
        "services.contracts.referral_events",
        "services.chassis.clock",
        "services.referral.settings",
        "pydantic",
    }
