"""Every metric says in a sentence what it counts, and none tells about one child or one place."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.machine import ROOT

KINDS = {"Counter", "Gauge", "Histogram", "Summary", "Info", "Enum"}
# A counter that ticks for one authority on one day reveals whose answer it was.
REVEALING = {"authority", "child", "conference", "meeting", "advocate", "person", "key", "subject"}


@dataclass(frozen=True)
class Metric:
    where: str
    name: str
    sentence: str
    labels: tuple[str, ...]


def metrics_in(source: str, where: str) -> Iterator[Metric]:
    """Yield the metrics a module declares one by one or in a table named SENTENCES."""
    if "prometheus_client" not in source:
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and _called(node) in KINDS and len(node.args) > 1:
            name, sentence, *labels = (ast.literal_eval(argument) for argument in node.args[:3])
            named = [k.value for k in node.keywords if k.arg == "labelnames"]
            given = labels[0] if labels else ast.literal_eval(named[0]) if named else ()
            yield Metric(f"{where}:{node.lineno}", name, sentence, tuple(given))
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "SENTENCES":
            for name, sentence in ast.literal_eval(node.value).items():
                yield Metric(f"{where}:{node.lineno}", f"alongside_{name}", sentence, ())


def _called(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def faults_of(metric: Metric) -> list[str]:
    """Return what is wrong with a metric, in words."""
    wrong = []
    if not metric.name.startswith("alongside_"):
        wrong.append("the name does not begin with alongside_")
    if not (metric.sentence.endswith(".") and len(metric.sentence.split()) >= 4):
        wrong.append("the help is no sentence")
    if set(metric.labels) & REVEALING or any(label.endswith("_ref") for label in metric.labels):
        wrong.append("a label tells about one child, person or place")
    return wrong


def test_every_metric_has_a_sentence_and_reveals_nobody() -> None:
    found = [metric for path in python_files() for metric in read(path)]
    assert found, "no metric was found"
    assert {f"{m.where} {m.name}": wrong for m in found if (wrong := faults_of(m))} == {}


def test_a_metric_without_sentence_or_with_a_revealing_label_is_seen() -> None:
    source = (
        "from prometheus_client import Counter, Gauge\n"
        "A = Counter('alongside_offers', 'Offers made to children.', ['kind'])\n"
        "B = Counter('offers', 'offers')\n"
        "C = Gauge('alongside_open', 'Offers that stand open.', labelnames=('authority',))\n"
    )
    fine, nameless, revealing = metrics_in(source, "planted")
    assert faults_of(fine) == []
    assert len(faults_of(nameless)) == 2
    assert faults_of(revealing) == ["a label tells about one child, person or place"]


def python_files() -> list[Path]:
    return sorted((ROOT / "services").rglob("*.py"))


def read(path: Path) -> list[Metric]:
    return list(metrics_in(path.read_text("utf-8"), str(path.relative_to(ROOT))))
