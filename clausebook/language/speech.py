"""The functions by which clauses speak of other clauses and of defined terms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clausebook.findings.near_names import nearest
from clausebook.formats.locale_words import locale_words
from clausebook.language.environment import LEAST_PIECE, WorkingSheet
from clausebook.language.fillings import Filling, Fixed
from clausebook.language.values import Value


class Speech:
    """The functions, and what one template said by them."""

    def __init__(self, language: str, forms: Mapping[str, str], present: frozenset[str]) -> None:
        self._forms, self._present = forms, present
        self.begin(WorkingSheet(), language)

    def begin(self, sheet: WorkingSheet, language: str) -> None:
        """Begin with another template."""
        self._sheet, self._language = sheet, language
        self.sought: dict[str, bool] = {}
        self.spoken: dict[str, str] = {}

    def say(self, call: Fixed, times: int) -> None:
        """Note what a fixed call says, so often, and what is wrong with it."""
        named = call.arguments[0]
        self._sheet.room -= times * max(LEAST_PIECE, len(named))
        if call.function in ("term", "define") and named in self._forms:
            self.spoken[named] = self._forms[named]
        elif call.function.startswith("ref") and named in self._present:
            self.sought[named] = True
        else:
            self._piece(call.function, *call.arguments, line=call.line)

    def term(self, form: object, shown: object = None) -> str:
        """Give a defined term in one of its forms, or a value of the data that is shown in its place."""
        if shown is None:
            return self._minted("term", form)
        piece = self._piece("term", form)
        if piece is None:
            return ""
        first = len(self._sheet.pieces)
        text = str(shown)
        for index, each in enumerate(self._sheet.pieces[first:], first):
            self._sheet.pieces[index] = each._replace(target=piece.target)
        return text

    def define(self, form: object) -> str:
        """Give a term in quotation marks where the words around it define it."""
        return self._minted("define", form)

    def ref_number(self, target: object, label: object = "") -> str:
        """Give the bare number of a place: "6.2(a)"."""
        return self._minted("ref_number", target, label)

    def ref_item(self, target: object, label: object) -> str:
        """Give the number of an item alone, for the words of its own clause: "(a)"."""
        return self._minted("ref_item", target, label)

    def refs(self, *targets: object, join: object = "and") -> str:
        """Give the numbers of places of one kind in one reference: "Sections 8.1 and 8.2"."""
        words = locale_words(self._language)
        joins = words.joins
        if len(targets) < 2 or join not in joins:
            message = f"refs(…) takes the ids of two places or more in quotes, and joins them by {', '.join(joins)}"
            self._refused("core/ref-name", message, "write it like refs('fees', 'taxes', join='or')")
            return ""
        forms = ("first", *["number"] * (len(targets) - 2), "last")
        said = [self.ref(target, "", form) for target, form in zip(targets, forms, strict=True)]
        return "".join(map(str, words.joined(said, str(join))))

    def ref(self, target: object, label: object = "", form: str = "") -> str:
        """Give the number of a section, clause or schedule of this agreement, named in quotes or by data."""
        return self._minted("ref", target, label, form)

    def has(self, target: object) -> bool:
        """Tell whether a section, slot or schedule is in this agreement."""
        if not isinstance(target, str):
            return False
        self.sought[target] = target in self._present
        return self.sought[target]

    def label(self, name: object, sign: object = "") -> str:
        """Mark the item or paragraph in which it stands for `ref`, or with a sign that item of the sentence."""
        return self._minted("label", name, sign)

    def _minted(self, function: str, *arguments: object) -> str:
        piece = self._piece(function, *arguments)
        return self._sheet.mint(piece) if piece else ""

    def _piece(self, function: str, *arguments: Any, line: int = 0) -> Filling | None:
        match function:
            case "label":
                return self._label(*arguments, line=line)
            case "ref":
                return self._reference(*arguments, line=line)
            case "ref_number" | "ref_item":
                target, label = arguments if len(arguments) == 2 else (*arguments, "")
                return self._reference(target, label, function.removeprefix("ref_"), line=line)
            case _:
                return self._term(function, *arguments, line=line)

    def _term(self, function: str, form: object, *, line: int) -> Filling | None:
        if not isinstance(form, str):
            message = f"{function}(…) takes the name of a term in quotes"
            return self._refused("core/term-name", message, f"write it like {function}('Affiliate')", line=line)
        key = self._forms.get(form)
        if key is None:
            hint = _nearest(form, self._forms, "add it to the type's glossary or to the agreement's")
            return self._refused("core/term-undefined", f"no glossary defines the term “{form}”", hint, form, line)
        self.spoken[form] = key
        return Filling("term" if function == "term" else "definition", form, target=key)

    def _reference(self, target: object, label: object = "", form: str = "", *, line: int) -> Filling | None:
        if isinstance(target, Value):
            target = target.raw
        if not isinstance(target, str) or not isinstance(label, str):
            message = "ref(…) takes the id of a section, slot or schedule in quotes"
            return self._refused("core/ref-name", message, "write it like ref('termination')", line=line)
        if not self.has(target):
            hint = _nearest(target, self._present, "test it with {% if has(…) %} where it may be left out")
            return self._refused("core/ref-unknown", f"`{target}` is not in this agreement", hint, target, line)
        line = line or self._sheet._current_line()
        return Filling("reference", form, target=target, label=label, line=str(line))

    def _label(self, name: object, sign: object = "", *, line: int) -> Filling | None:
        if not isinstance(sign, str) or not isinstance(name, str) or not name.replace("-", "").isalnum():
            message = "label(…) takes a name of letters, digits and hyphens in quotes"
            return self._refused("core/label-name", message, "write it like label('cause')", line=line)
        return Filling("label", sign, target=name)

    def _refused(self, rule: str, message: str, hint: str, needle: str = "", line: int = 0) -> Filling | None:
        self._sheet.problem(rule, message, hint=hint, needle=needle, line=line)
        return None


def _nearest(wanted: str, known: Any, otherwise: str) -> str:
    like = nearest(wanted, sorted(known))
    return f"did you mean “{like}”?" if like else otherwise
