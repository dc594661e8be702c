"""A small repository whose deal is approved by signatures, to be attacked."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

from clausebook.approvals.approval_files import approvals_folder, file_name, written
from clausebook.approvals.desk import Approvals, Desk
from clausebook.approvals.giving import approval, signature
from clausebook.approvals.model import ApprovalRecord, Need
from clausebook.approvals.reviews import ForgeReview
from clausebook.language.sandbox import Sandbox
from clausebook.project.agreement import Agreement
from clausebook.project.making import Judging
from clausebook.project.project import Project
from tests.support.git_repositories import Repository, new_repository
from tests.support.repositories import nda_repository

NAME = "atlas"
DEAL = f"agreements/{NAME}.yaml"
OWN = f"agreements/{NAME}/limits.md"
FOLDER = approvals_folder(NAME)
LIBRARY = "templates/nda"
SCHEMA = "schemas/nda/agreement.schema.json"
COUNSEL, PRIVACY = "General Counsel", "Chief Privacy Officer"
INES, TOMAS = "Ines Marchetti", "Tomas Reed"
DAY = "2026-03-02"

FALLBACK = f"""---
id: keeping-short
title: Keeping
slot: keeping
version: "1.0"
status: approved
position: fallback 1
approver: {COUNSEL}
---
{{{{ parties|pluck('short_name')|and_list }}}} try to keep each other's {{{{ term('Secrets') }}}}
for {{{{ this.kept_for|duration }}}}.
"""
WORDING = """---
title: Limits
slot: limits
departs_from: {clause: limits, version: "1.0"}
reason: The atlas is out of print.
---
Nothing limits {{ ref('promise') }}, not even {{ this.exceptions|and_list }}.
"""
RULES = f"""proof: signed
negotiated: [{COUNSEL}]
limits:
  - id: kept-long
    title: Secrets are kept for long
    why: Nobody remembers after five years what was secret.
    offices: [{PRIVACY}]
    proof: attested
    when: secrets.kept_for|most_days > 1830
    at: [secrets.kept_for]
    message: "they are kept for {{{{ secrets.kept_for|duration }}}}"
    bad: {{secrets: {{kept_for: P6Y}}}}
    good: {{secrets: {{kept_for: P5Y}}}}
"""


@dataclass
class Signed:
    """The repository, with the folder of its people's keys; `keys` are private ones of SSH by name."""

    repository: Repository
    keys: Path
    sandbox: Sandbox

    @property
    def root(self) -> Path:
        """Where the project is."""
        return self.repository.project

    def path(self, name: str) -> Path:
        """Return a file of the project."""
        return self.root / name

    def edit(self, name: str, *changes: tuple[str, str]) -> None:
        """Replace text that must be there."""
        text = self.path(name).read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text, f"{name} does not hold {old!r}"
            text = text.replace(old, new)
        self.path(name).write_text(text, encoding="utf-8", newline="")

    def commit(self, author: str = "Ada Example") -> None:
        """Commit all that changed."""
        self.repository.commit("Go on", author=author)

    def approvals(
        self, name: str = NAME, as_of: str = "", root: Path | None = None, reviews: Sequence[ForgeReview] = ()
    ) -> Approvals:
        """Return where an agreement's approvals stand."""
        project, found = self._opened(name, as_of, root)
        with Desk(project, reviews) as desk:
            return desk.approvals(found)

    def states(self, name: str = NAME, **options: object) -> list[str]:
        """Return a line for each need: what, its state and why, in reading order."""
        found = self.approvals(name, **options).standings  # type: ignore[arg-type]
        return [f"{each.need.id}: {each.state}{f': {each.why}' if each.why else ''}" for each in found]

    def rules(self, name: str = NAME) -> list[str]:
        """Return the rules of all findings on the approvals of an agreement, and of its file."""
        project, found = self._opened(name, "", None)
        with Desk(project) as desk:
            return sorted({each.rule for each in (*found.findings, *desk.findings([found]))})

    def needs(self, name: str = NAME) -> tuple[Need, ...]:
        """Return what an agreement needs approved."""
        project, found = self._opened(name, "", None)
        with Desk(project) as desk:
            return desk.needs(found)

    def give(
        self, role: str, by: str, key: str = "", name: str = NAME, date: str = DAY, only: Iterable[str] = (),
        evidence: bytes = b"", recorded_by: str = "Odile Park",
    ) -> str:  # fmt: skip
        """Approve what an office is asked for, with a key or by evidence; return the path of the file."""
        wanted = tuple(only)
        needs = [each for each in self.needs(name) if each.role == role and (not wanted or each.id in wanted)]
        mail = self.keys / "mail.eml"
        mail.write_bytes(evidence)
        record, files = approval(name, needs, by, date, "", mail if evidence else None, recorded_by)
        path = f"{approvals_folder(name)}/{file_name(record)}"
        for place, content in files.items():
            self.write(place, content)
        if key:
            self.sign(path, key)
        return path

    def sign(self, path: str, key: str) -> None:
        """Sign the approval in a file anew."""
        made = signature(self.path(path).read_bytes(), Path(path).name, self.keys / key)
        self.write(f"{path}.sig", made)

    def put(self, record: ApprovalRecord, name: str, key: str = "") -> str:
        """Write any record as an approval."""
        path = f"{FOLDER}/{name}"
        self.write(path, written(record))
        if key:
            self.sign(path, key)
        return path

    def write(self, path: str, content: bytes | str) -> None:
        """Write a file of the project."""
        place = self.path(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if isinstance(content, bytes) else content.encode())

    def public(self, key: str) -> str:
        """Return the line of a public key."""
        return " ".join((self.keys / f"{key}.pub").read_text().split()[:2])

    def approvers(self, **more: str) -> str:
        """Return approvers.yaml; `more` are lines that a person has beside, by first name."""
        return "approvers:\n" + "".join(
            f"  - name: {name}\n    offices: [{office}]\n    emails: [{first}@example.org]\n    logins: [{first}]\n"
            f'    keys:\n      - ssh: "{self.public(first)}"\n{more.get(first, "")}'
            for name, office, first in ((INES, COUNSEL, "ines"), (TOMAS, PRIVACY, "tomas"))
        )

    def at_base(self, path: str, content: bytes | str) -> None:
        """Write a file on the protected branch too, and lay the change on it again."""
        git = self.repository.git
        git("checkout", "--quiet", "main")
        self.write(path, content)
        self.commit("Ines Marchetti")
        git("checkout", "--quiet", "change")
        git("rebase", "--quiet", "main")

    def _opened(self, name: str, as_of: str, root: Path | None) -> tuple[Project, Agreement]:
        project = Project(root or self.root, self.sandbox, judging=Judging(as_of))
        return project, project.assemble(project.files([name])[0])


def make_key(keys: Path, name: str, kind: str = "ed25519", *more: str) -> None:
    """Make a key of SSH with the program that everybody has, without a passphrase."""
    command = ["ssh-keygen", "-q", "-t", kind, *more, "-N", "", "-C", name, "-f", str(keys / name)]
    subprocess.run(command, check=True, capture_output=True)


def make_signed(folder: Path, sandbox: Sandbox) -> Signed:
    """Make the repository: on `main` the library and the people, on `change` a deal with all of its approvals.

    The deal takes a fallback, has a clause of its own, and passes a limit.
    """
    made = new_repository(nda_repository(folder))
    keys = folder / "keys"
    keys.mkdir()
    for name in ("ines", "tomas", "mallory"):
        make_key(keys, name)
    schema = json.loads((made.project / SCHEMA).read_text(encoding="utf-8"))
    schema["properties"]["status"]["enum"] = ["draft", "in-review", "approved"]
    schema["properties"] |= {"clauses": {"type": "object"}, "approvals": {"type": "array", "items": {"type": "object"}}}
    schema["properties"]["glossary"] = {"type": "array", "items": {"type": "object"}}
    schema["properties"]["waivers"] = {"type": "array", "items": {"type": "object"}}
    signed = Signed(made, keys, sandbox)
    source = (made.project / "agreements/sparrow-finch.yaml").read_text(encoding="utf-8")
    (made.project / "agreements/sparrow-finch.yaml").unlink()
    signed.write(SCHEMA, json.dumps(schema, indent=2))
    for name in ("approvals", "approvers"):
        shutil.copy(Path(__file__).parents[2] / f"schemas/{name}.schema.json", made.project / "schemas")
    signed.write(f"{LIBRARY}/clauses/keeping-short.md", FALLBACK)
    signed.write(f"{LIBRARY}/approvals.yaml", RULES)
    signed.write("approvers.yaml", signed.approvers())
    signed.write("agreements/README.md", "Deals.\n")
    signed.commit(INES)
    made.git("checkout", "--quiet", "-b", "change")
    deal = source.replace("id: sparrow-finch", f"id: {NAME}").replace("P3Y", "P6Y")
    signed.write(
        DEAL,
        f"{deal}clauses:\n  keeping: {{use: keeping-short, reason: Asked for.}}\n  limits: {{wording: limits.md}}\n",
    )
    signed.write(OWN, WORDING)
    signed.commit()
    signed.give(COUNSEL, INES, "ines")
    signed.give(PRIVACY, TOMAS, "tomas")
    signed.commit()
    return signed


def copied(template: Signed, folder: Path) -> Signed:
    """Return a copy of the repository to work on."""
    root = folder / "repository"
    shutil.copytree(template.root, root, symlinks=True)
    keys = folder / "keys"
    shutil.copytree(template.keys, keys)
    return Signed(Repository(root, root, list(template.repository.commits)), keys, template.sandbox)


def loaded(place: Path) -> dict[str, object]:
    """Return what a YAML file holds."""
    data: dict[str, object] = YAML(typ="safe", pure=True).load(place.read_text(encoding="utf-8"))
    return data
