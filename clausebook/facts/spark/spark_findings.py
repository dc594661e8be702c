"""What is wrong with the method, with opportunities, and with what the journals of agreements say of its steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from clausebook.facts.agreement_facts import AgreementFacts
from clausebook.facts.metrics.gates import GATE, METRIC, METRICS
from clausebook.facts.report_data import MEASURED
from clausebook.facts.spark.gathered import can_be_said, step_schemas
from clausebook.facts.spark.matrix import rated
from clausebook.facts.spark.method import read_method
from clausebook.facts.spark.partnerships import DEAL
from clausebook.findings.characters import shortened
from clausebook.findings.model import Finding, SourceFile
from clausebook.findings.near_names import did_you_mean, nearest
from clausebook.findings.pointers import parts, pointer
from clausebook.project.project import Project
from clausebook.records.opportunities import landscape_of, opportunities_of


class SparkCheck:
    """What partnerships of a repository are checked by: its method and the industries that its own scan knows."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._method, self._of_method = read_method(project.tree)
        self._scan, self._of_scan = landscape_of(project.tree)
        self._industries = [str(each["name"]) for each in self._scan.get("industries", ())]

    def shared(self) -> Iterator[Finding]:
        """Yield what is wrong with the method, the house's own scan, and the opportunities."""
        yield from (*self._of_method, *self._of_scan)
        if self._method.steps:
            yield from self._of_properties()
        found, wrong = opportunities_of(self._project.tree, self._project.known)
        yield from wrong
        for each in found:
            yield from self._record(each.data, each.at, "")

    def of(self, found: AgreementFacts) -> Iterator[Finding]:
        """Yield what is wrong with what the journal of an agreement says of the steps."""
        journal, table = found.duties.journal, found.table(MEASURED)
        metrics = [term.value for row in (table.rows if table else ()) for term in row if term.id == "name"]
        yield from self._record(journal.spark, journal.at, "/spark")
        for where, metric in _named_metrics(journal.spark):
            if metric not in metrics:
                rule = "core/gate-metric" if where[-1] == METRIC else "core/goal-metric"
                hint = did_you_mean(metric, metrics, f"the metrics are: {', '.join(metrics) or 'none'}")
                said = f"the agreement has no metric “{shortened(metric)}”"
                yield journal.at.finding(rule, said, f"/spark{pointer(where)}", hint)

    def _record(self, steps: Mapping[str, Any], at: SourceFile, base: str) -> Iterator[Finding]:
        """Yield what is wrong with the scan of a partnership: its industry, and its ratings."""
        first = self._method.steps[0].id if self._method.steps else ""
        scan = steps.get(first, {})
        industry = str(scan.get("industry", ""))
        if industry and self._industries and industry not in self._industries:
            hint = did_you_mean(industry, self._industries, f"the industries are: {', '.join(self._industries)}")
            said = f"the house’s own scan knows no industry “{shortened(industry)}”"
            yield at.finding("core/industry-unknown", said, f"{base}/{first}/industry", hint)
        for name in self._method.weights:
            rating = rated(self._method, scan.get(name))
            if not rating.rating and (meant := nearest(rating.words, self._method.ratings)):
                said = f"“{shortened(rating.words)}” is none of the ratings: {', '.join(self._method.ratings)}"
                yield at.finding("core/rating-unclear", said, f"{base}/{first}/{name}", f"did you mean `{meant}`?")

    def _of_properties(self) -> Iterator[Finding]:
        """Yield the weights and the needs of the method that no data can have."""
        method, first = self._method, self._method.steps[0].id
        schemas = step_schemas(self._project, method)
        told: list[tuple[Sequence[str], Sequence[str]]] = []
        told += [((first, name), ("weights", name)) for name in method.weights]
        for number, point in enumerate(method.points):
            told += [
                (parts(one), ("points", str(number), "needs", str(n)))
                for n, need in enumerate(point.needs)
                for one in need.split("|")
            ]
        for step in method.steps:
            yield from self._project.schema(f"spark-{step.id}").findings
        for path, where in told:
            if path[0] not in schemas:
                known = ", ".join(schemas)
                said, hint = f"there is no step `{path[0]}`", did_you_mean(path[0], schemas, f"there are: {known}")
                yield method.at.finding("core/method-step", said, pointer(where), hint)
            elif schemas[path[0]] and not can_be_said(schemas[path[0]], path[1:]):
                names = [name for each in schemas[path[0]] for name in each.root.get("properties", {})]
                hint = did_you_mean(path[-1], names, f"at its top, there are: {', '.join(dict.fromkeys(names))}")
                whose = "no type of agreement has" if path[0] == DEAL else f"the step `{path[0]}` does not have"
                said = f"{whose} the property `{pointer(path[1:])}`"
                yield method.at.finding("core/method-property", said, pointer(where), hint)


def _named_metrics(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield where in what is said of the steps a gate or a goal names a metric, and the metric."""
    inner = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for name, each in inner:
        here = (*path, str(name))
        if name == GATE and isinstance(each, Mapping) and isinstance(each.get(METRIC), str):
            yield (*here, METRIC), each[METRIC]
        if name == METRICS and isinstance(each, list):
            yield from (((*here, str(number)), metric) for number, metric in enumerate(each) if isinstance(metric, str))
        yield from _named_metrics(each, here)
