"""Ask for values of a deal by expressions of the language of rules: what each gives, as text, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clausebook.language.fillings import PLACEHOLDER, Filling
from clausebook.language.sandbox import Sandbox
from clausebook.language.sheets import Sheet, Subject, TemplateJob, TemplateProblem
from clausebook.library.declared import Names

_ROW, _VALUE, _ITEM = "\ue010", "\ue011", "\ue012"
"""What parts rows, values and items of a list. Values are put in behind, so none can be split by them."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What an expression gave: the texts of its items, one for what is no list, none for what is absent.

    `pointer` is where the first stands in the data, or "".
    """

    texts: tuple[str, ...] = ()
    pointer: str = ""

    @property
    def text(self) -> str:
        """The first text, "" if there is none."""
        return self.texts[0] if self.texts else ""


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask of a deal: for each combination of `each`, if the condition holds, all `values` and `templates`.

    `this` is the value at `item`, a JSON pointer or "".
    """

    name: str
    values: Sequence[str]
    templates: Sequence[str] = ()
    each: Names = ()
    let: Names = ()
    condition: str = ""
    item: str = ""

    @property
    def source(self) -> str:
        """The template that answers it."""
        begun = [f"{{% for {name} in ({source}) %}}" for name, source in self.each]
        begun += [f"{{% set {name} = ({source}) %}}" for name, source in self.let]
        begun += [f"{{% if ({self.condition or 'true'}) %}}{_ROW}"]
        asked = [
            f"{_VALUE}{{% for given in ({value})|listed %}}{{% if given is defined %}}{_ITEM}{{{{ given }}}}"
            "{% endif %}{% endfor %}"
            for value in self.values
        ]
        asked += [f"{_VALUE}{_ITEM}{template.strip()}" for template in self.templates]
        return "\n".join((*begun, *asked, "{% endif %}" + "{% endfor %}" * len(self.each)))


@dataclass(frozen=True, slots=True)
class Answered:
    """The rows that a question gave: each has its values, then its templates. `problems` say why there are none."""

    rows: tuple[tuple[Reply, ...], ...]
    problems: tuple[TemplateProblem, ...] = ()


def ask(questions: Sequence[Question], subject: Subject, dialect: int, sandbox: Sandbox) -> tuple[Answered, ...]:
    """Return what a deal answers, a question each. A problem of one leaves the others their answers."""
    jobs = [
        TemplateJob(f"ask:{number}:{each.name}", each.source, each.item, dialect)
        for number, each in enumerate(questions)
    ]
    sheets = sandbox.render(subject, jobs, (), ()).sheets if jobs else {}
    return tuple(_answer(sheets[job.name]) for job in jobs)


def _answer(sheet: Sheet) -> Answered:
    if sheet.problems:
        return Answered((), sheet.problems)
    rows = sheet.text.split(_ROW)[1:]
    return Answered(tuple(tuple(_asked(value, sheet) for value in row.split(_VALUE)[1:]) for row in rows))


def _asked(value: str, sheet: Sheet) -> Reply:
    items = value.split(_ITEM)[1:]
    first = next((piece.pointer for piece in _pieces(value, sheet)), "")
    return Reply(tuple(_told(item, sheet) for item in items), first)


def _pieces(text: str, sheet: Sheet) -> Iterator[Filling]:
    return (sheet.pieces[int(found[1])] for found in PLACEHOLDER.finditer(text))


def _told(text: str, sheet: Sheet) -> str:
    said = PLACEHOLDER.sub(lambda found: sheet.pieces[int(found[1])].text, text.strip("\n")).strip()
    # What keeps an amount on one line of a contract would be no space to whoever searches a list for it.
    return said.replace("\N{NO-BREAK SPACE}", " ")
