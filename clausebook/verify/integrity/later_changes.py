"""What a later revision of a signed PDF changes, in plain words, and which of that a signature can allow.

Both revisions are read whole, object by object: an incremental update keeps object numbers, so an object whose
content is the same needs no further look, and what is new can only be reached through what changed. Whatever
changed and is not found to be harmless here is forbidden; nothing is allowed because it is unknown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

import pikepdf

from clausebook.verify.integrity.form import SIGNATURE, TEXT, Field, Ref, entries, form_of, plain
from clausebook.verify.integrity.metadata import information_changed, metadata_changed
from clausebook.verify.integrity.object_roles import role
from clausebook.verify.integrity.revision import PdfRevision

_STREAM_ONLY = ("/Type", "/W", "/Index", "/Filter", "/Length", "/DecodeParms")
_TRAILER_MOVES = {"/Size", "/Prev", "/XRefStm", "/ID", "/Info", "/Root", *_STREAM_ONLY}
_CATALOG_MOVES = {"/AcroForm", "/DSS", "/Extensions", "/Metadata", "/Version"}
_FORM_MOVES = {"/Fields", "/SigFlags", "/DR"}
_DSS_KEYS = {"/Type", "/VRI", "/Certs", "/CRLs", "/OCSPs"}
_TEXT_MOVES = {"/V", "/AP", "/AS", "/M", "/Ff"}
_SIGNATURE_MOVES = {"/V", "/AP", "/AS", "/M", "/Ff"}
_NEW_FIELD_KEYS = {
    *("/Type", "/Subtype", "/FT", "/T", "/TU", "/TM", "/V", "/Ff", "/F", "/Rect", "/P", "/Parent", "/Kids"),
    *("/AP", "/MK", "/DA", "/DR", "/M", "/NM", "/Lock", "/SV"),
}
"""What a new signature's field may have: no action and no script."""
_READ_ONLY = 1
_WORST = 12


@dataclass(frozen=True, slots=True)
class FileChange:
    """One change: `words` say what it is, `field` which field it fills, `allowed` whether a signature can allow it.

    `harmless` is what no lock forbids: validation data and document timestamps.
    """

    words: str
    field: str = ""
    allowed: bool = True
    harmless: bool = False


def changes(old: PdfRevision, new: PdfRevision, verified: Collection[str]) -> tuple[FileChange, ...]:
    """Return what `new` changes against `old`; `verified` are the fields whose signatures were found to be intact."""
    return _Comparison(old, new, frozenset(verified)).run()


@dataclass
class _Comparison:
    old: PdfRevision
    new: PdfRevision
    verified: frozenset[str]
    changed: set[Ref] = field(default_factory=set)
    explained: set[Ref] = field(default_factory=set)
    found: list[FileChange] = field(default_factory=list)
    added_widgets: set[Ref] = field(default_factory=set)

    def run(self) -> tuple[FileChange, ...]:
        before, after = self.old.objects, self.new.objects
        self.changed = {ref for ref, content in before.items() if after.get(ref) != content}
        added = after.keys() - before.keys()
        dangling = added & self.old.referrers.keys()
        if dangling:
            self._forbid("Objects that the signed pages pointed at, without having them, were put in")
        if self.new.complaints > self.old.complaints:
            self._forbid("What was appended to the file is damaged")
        self._trailer()
        self._catalog()
        self._form()
        self._fields()
        self._pages()
        self._validation_data()
        self._rest()
        return tuple(dict.fromkeys(self.found))

    def _forbid(self, words: str) -> None:
        self.found.append(FileChange(words, allowed=False))

    def _trailer(self) -> None:
        before, after = self.old.pdf.trailer, self.new.pdf.trailer
        if self._other(before, after, _TRAILER_MOVES) or before.Root.objgen != after.Root.objgen:
            self._forbid("The document's beginning (its trailer) was replaced")
        if "/ID" in before and ("/ID" not in after or _text(before.ID[0]) != _text(after.ID[0])):
            self._forbid("The document's identifier was replaced")
        moved = information_changed(before.get("/Info"), after.get("/Info"))
        if moved:
            self._forbid(f"The document's properties were changed ({', '.join(moved[:_WORST])})")
        self._own(before.get("/Info"), (0, 0))

    def _catalog(self) -> None:
        before, after = self.old.pdf.Root, self.new.pdf.Root
        for key in sorted(self._other(before, after, _CATALOG_MOVES)):
            self._forbid(f"The document's `{plain(key[1:])}` was changed")
        self.explained.add(before.objgen)
        if not _gained(before.get("/Extensions"), after.get("/Extensions")):
            self._forbid("The document's list of extensions was changed")
        self._own(before.get("/Extensions"), before.objgen)
        if _version(after) < _version(before):
            self._forbid("The document's version of PDF was lowered")
        if metadata_changed(before.get("/Metadata"), after.get("/Metadata")):
            self._forbid("The document's metadata was changed")
        self._own(before.get("/Metadata"), before.objgen)

    def _form(self) -> None:
        before, after = form_of(self.old.pdf), form_of(self.new.pdf)
        if before is None or after is None:
            if before is not after:
                self._forbid("The document's form was removed or put in")
            return
        for key in sorted(self._other(before, after, _FORM_MOVES)):
            self._forbid(f"The form's `{plain(key[1:])}` was changed")
        if not _gained(before.get("/DR"), after.get("/DR"), depth=2):
            self._forbid("The fonts of the form's fields were changed")
        self._own(before, self.old.pdf.Root.objgen)
        owner = _holder(before, self.old.pdf.Root.objgen)
        resources = before.get("/DR")
        for value in (before.get("/Fields"), resources):
            self._own(value, owner)
        for value in entries(resources).values():
            self._own(value, _holder(resources, owner))

    def _fields(self) -> None:
        for name, before in self.old.fields.items():
            after = self.new.fields.get(name)
            if after is None or after.ref != before.ref or after.kind != before.kind:
                self._forbid(f"The field `{plain(name)}` was removed or replaced")
            elif _widgets(before) != _widgets(after):
                self._forbid(f"The places of the field `{plain(name)}` were changed")
            else:
                self._field(before, after)
        for name, after in self.new.fields.items():
            if name not in self.old.fields:
                self._new_field(name, after)

    def _field(self, before: Field, after: Field) -> None:
        """Judge a field that was there: it may be filled or signed, and shown anew, and nothing else."""
        name = plain(before.name)
        owners = {before.ref, *(widget.objgen for widget in before.widgets)}
        if not (owners & self.changed) and not self._appearance_changed(before):
            return
        moves = {SIGNATURE: _SIGNATURE_MOVES, TEXT: _TEXT_MOVES}.get(before.kind, _TEXT_MOVES)
        pairs = [(before.object, after.object), *zip(before.widgets, after.widgets, strict=True)]
        if any(self._other(one, other, moves) for one, other in pairs):
            self._forbid(f"The field `{name}` was altered in more than what is in it")
            return
        if any(_flags(one) | _READ_ONLY != _flags(other) | _READ_ONLY for one, other in pairs):
            self._forbid(f"The way in which the field `{name}` works was altered")
            return
        if before.kind == SIGNATURE and not self._signing(before, after):
            return
        if before.kind != SIGNATURE:
            self.found.append(FileChange(_filling(before, after), field=before.name))
        self.explained |= owners
        for one, _ in pairs:
            appearance = one.get("/AP")
            self._own(appearance, one.objgen)
            for stream in entries(appearance).values():
                self._own(stream, _holder(appearance, one.objgen))

    def _signing(self, before: Field, after: Field) -> bool:
        name = plain(before.name)
        if before.signed:
            self._forbid(f"The signature in `{name}` was altered")
        elif not after.signed:
            self._forbid(f"The empty signature field `{name}` was altered")
        elif not self._good_signature(after):
            self._forbid(f"`{name}` was filled with something that is no intact signature")
        else:
            self.found.append(FileChange(f"`{name}` was signed", field=before.name))
            return True
        return False

    def _good_signature(self, field: Field) -> bool:
        """Tell whether a field holds a signature that was verified, and that is an object of its own and new."""
        value = field.value
        new = value is not None and value.is_indirect and value.objgen not in self.old.objects
        return new and field.name in self.verified

    def _new_field(self, name: str, after: Field) -> None:
        timestamp = after.signed and str(entries(after.value).get("/Type", "")) == "/DocTimeStamp"
        if after.kind != SIGNATURE:
            self._forbid(f"A field `{plain(name)}` was put in")
        elif after.visible:
            self._forbid(f"A visible signature field `{plain(name)}` was laid over the pages")
        elif any(entries(item).keys() - _NEW_FIELD_KEYS for item in (after.object, *after.widgets)):
            self._forbid(f"The new field `{plain(name)}` does more than hold a signature")
        elif not self._good_signature(after):
            self._forbid(f"The new field `{plain(name)}` holds no intact signature")
        elif after.ref in self.old.objects:
            self._forbid(f"The new field `{plain(name)}` takes another object's place")
        else:
            what = "A document timestamp" if timestamp else "An invisible signature"
            self.added_widgets |= {after.ref, *(widget.objgen for widget in after.widgets)}
            self.found.append(
                FileChange(f"{what} was added in `{plain(name)}`", field="" if timestamp else name, harmless=timestamp)
            )

    def _appearance_changed(self, before: Field) -> bool:
        found = set()
        for widget in (before.object, *before.widgets):
            appearance = widget.get("/AP")
            found |= {item.objgen for item in (appearance, *entries(appearance).values()) if item is not None}
        return bool(found & self.changed)

    def _pages(self) -> None:
        """Judge changed pages: one may gain the widgets of new, invisible signatures, and nothing else."""
        after: dict[Ref, pikepdf.Page] = {page.obj.objgen: page for page in self.new.pdf.pages}
        for number, page in enumerate(self.old.pdf.pages, start=1):
            before = page.obj
            annotations = before.get("/Annots")
            if not {before.objgen, _holder(annotations, before.objgen)} & self.changed:
                continue
            other = after.get(before.objgen)
            if other is None or self._other(before, other.obj, {"/Annots"}):
                continue
            was, now = _refs(annotations), _refs(other.obj.get("/Annots"))
            extra = [ref for ref in now if ref not in was]
            if [ref for ref in now if ref in was] != was:
                self._forbid(f"Annotations of page {number} were removed or reordered")
            elif not set(extra) <= self.added_widgets:
                self._forbid(f"An annotation was put on page {number}")
            else:
                self.explained.add(before.objgen)
                self._own(annotations, before.objgen)

    def _validation_data(self) -> None:
        before, after = self.old.pdf.Root.get("/DSS"), self.new.pdf.Root.get("/DSS")
        if after is None:
            if before is not None:
                self._forbid("The data for long-term validation was removed")
            return
        if not isinstance(after, pikepdf.Dictionary) or not entries(after).keys() <= _DSS_KEYS:
            self._forbid("What stands as data for long-term validation is none")
            return
        own = {self.old.pdf.Root.objgen} | self._structure(before)
        touched = {ref for ref in own if ref in self.changed} - {self.old.pdf.Root.objgen}
        if all(self.old.referrers.get(ref, set()) <= own for ref in touched):
            self.explained |= touched
        if touched or _text(before) != _text(after):
            self.found.append(FileChange("Data for long-term validation was added", harmless=True))

    def _structure(self, value: pikepdf.Object | None) -> set[Ref]:
        """Return the objects of the validation data, but not its streams, which nobody may rewrite."""
        found: set[Ref] = set()
        waiting = [value] if value is not None else []
        while waiting:
            item = waiting.pop()
            if isinstance(item, pikepdf.Stream) or item.objgen in found:
                continue
            if item.is_indirect:
                found.add(item.objgen)
            if isinstance(item, pikepdf.Dictionary):
                waiting += list(entries(item).values())
            elif isinstance(item, pikepdf.Array):
                waiting += list(item)
        return found

    def _rest(self) -> None:
        """Forbid every change that nothing explained, and say where it is."""
        unexplained = sorted(self.changed - self.explained)
        names = dict.fromkeys(role(self.old, ref) for ref in unexplained[:_WORST])
        for name in names:
            self._forbid(f"{name} was changed")
        if len(unexplained) > _WORST:
            self._forbid(f"{len(unexplained) - _WORST:,} more objects were changed")

    def _own(self, value: pikepdf.Object | None, owner: Ref) -> None:
        """Take an object's change as explained if nothing but its owner points at it."""
        if value is not None and value.is_indirect and self.old.referrers.get(value.objgen, set()) <= {owner}:
            self.explained.add(value.objgen)

    def _other(self, before: pikepdf.Object, after: pikepdf.Object, moves: Collection[str]) -> set[str]:
        """Return the keys whose values differ, but for those that may."""
        one, other = entries(before), entries(after)
        keys = (one.keys() | other.keys()) - set(moves)
        return {key for key in keys if _text(one.get(key)) != _text(other.get(key))}


def _holder(value: pikepdf.Object | None, owner: Ref) -> Ref:
    """Return the object in which a value stands: its own, or that of its owner."""
    return value.objgen if value is not None and value.is_indirect else owner


def _text(value: object) -> bytes:
    """Return a value as it is written where it stands: a reference stays one."""
    return value.unparse() if isinstance(value, pikepdf.Object) else repr(value).encode()


def _version(catalog: pikepdf.Object) -> str:
    return str(catalog.get("/Version", "/1.0"))


def _gained(before: pikepdf.Object | None, after: pikepdf.Object | None, depth: int = 1) -> bool:
    """Tell whether a dictionary kept all that it had."""
    if before is None:
        return True
    one, other = entries(before), entries(after)
    for key, value in one.items():
        if key not in other:
            return False
        if depth > 1 and isinstance(value, pikepdf.Dictionary):
            if not _gained(value, other[key], depth - 1):
                return False
        elif _text(value) != _text(other[key]):
            return False
    return True


def _widgets(field: Field) -> list[Ref]:
    return [widget.objgen for widget in field.widgets]


def _refs(value: pikepdf.Object | None) -> list[Ref]:
    items: Iterable[pikepdf.Object] = value if isinstance(value, pikepdf.Array) else ()
    return [item.objgen for item in items]


def _flags(value: pikepdf.Object) -> int:
    flags = value.get("/Ff", 0)
    return int(flags) if isinstance(flags, int) else 0


def _filling(before: Field, after: Field) -> str:
    name, old, new = plain(before.name), plain(before.text), plain(after.text)
    if old == new:
        return f"What the field `{name}` shows was changed"
    if not old:
        return f"The field `{name}` was filled with “{new}”"
    if not new:
        return f"The field `{name}` was emptied; it was “{old}”"
    return f"The field `{name}` was changed from “{old}” to “{new}”"
