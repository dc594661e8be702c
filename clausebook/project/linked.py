"""The agreements of a repository as links see them, each looked at when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from clausebook.project.libraries import Libraries
from clausebook.records.links import LinkedAgreement, linked_agreement
from clausebook.records.record_files import read_executed
from clausebook.records.sent import is_sent
from clausebook.repository.agreement_files import AgreementFile

Load = Callable[[AgreementFile], tuple[Mapping[str, Any] | None, object]]


class LinkedAgreements(Mapping[str, LinkedAgreement]):
    """The agreements of a tree by id. One that cannot be read, for whatever reason, has no data."""

    def __init__(self, libraries: Libraries, files: Mapping[str, AgreementFile], load: Load) -> None:
        self._libraries, self._files, self._load = libraries, files, load
        self._seen: dict[str, LinkedAgreement] = {}

    def __getitem__(self, name: str) -> LinkedAgreement:
        """Return an agreement; its data are loaded once."""
        if name not in self._seen:
            self._seen[name] = self._looked_at(self._files[name])
        return self._seen[name]

    def __iter__(self) -> Iterator[str]:
        """Yield the ids."""
        return iter(self._files)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._files)

    def __contains__(self, name: object) -> bool:
        """Tell whether there is an agreement of this id, whatever may be wrong with it."""
        return name in self._files

    def _looked_at(self, file: AgreementFile) -> LinkedAgreement:
        try:
            data, _ = self._load(file)
            term = self._libraries.term_of(file.id, data["type"]) if data else {}
            records, _ = read_executed(self._libraries.tree, file.id)
            sent = is_sent(self._libraries.tree, file.id)
            return linked_agreement(file.id, data, term, executed=bool(records), sent=sent)
        except Exception:  # what is wrong with it is told where it is checked itself
            return LinkedAgreement(file.id)
