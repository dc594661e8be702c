"""Mark the record of an execution as void: it stays, and counts no more."""

from __future__ import annotations

from clausebook.amending.amendment_chain import chain
from clausebook.document.statuses import SINCE_EXECUTION
from clausebook.findings.model import FindingsError, RepositoryError
from clausebook.lifecycle.turns import check_note
from clausebook.load.editing import with_scalar
from clausebook.project.project import Project
from clausebook.records.model import VOID, VOID_FORMAT, Void
from clausebook.records.notation import write
from clausebook.records.record_files import read_records, void_of
from clausebook.repository.agreement_files import path_in
from clausebook.repository.writing import publish_together
from clausebook.validate.value_formats import check_date

VOIDED_STATUS = "approved"
"""What the status of a version becomes whose execution is void."""

COMMENT = "This record is void, as `clausebook void` was told. Neither is ever edited: `clausebook check` proves them."


def void(project: Project, agreement: str, version: str, reason: str, by: str, date: str, today: str) -> Void:
    """Write down that the record of an agreement's executed version is void; return what was written.

    `reason` and `by` say why and who says so, `date` is ISO 8601. Where the agreement's file is at that version, its
    status goes back to `approved`. Raises RepositoryError for what was asked for, FindingsError if a record cannot be
    read; nothing is written then.
    """
    (file,) = project.files([agreement])
    records, problems = read_records(project.tree, agreement)
    record = next((each for each in records if each.version == version), None)
    if record is None:
        if problems:
            raise FindingsError(problems)
        known = ", ".join(each.version for each in records)
        hint = f"executed are: {known}" if known else f"no version of `{agreement}` is executed"
        made = chain(project.tree, agreement).text(version)
        if made:
            hint = f"it is in force by an amendment: clausebook void {made.by.agreement} {made.by.version}"
        raise RepositoryError(f"version {version} of `{agreement}` has no record of its own that could be void", hint)
    before = void_of(project.tree, record)
    if before:
        raise RepositoryError(
            f"the record of version {version} of `{agreement}` is void already, since {before.date}",
            f"{before.by} said why: {before.reason}",
        )
    told = {"reason": reason.strip(), "by": by.strip()}
    for name, text in told.items():
        check_note(text, name)
        if not text:
            what = "why the record is void" if name == "reason" else "who says that the record is void"
            raise RepositoryError(f"nothing tells {what}", f"write it with --{name}")
    check_date(date)
    if date > today:
        raise RepositoryError(f"{date} is in the future: today is {today}", "write the day with --date")
    if date < record.date:
        raise RepositoryError(
            f"{date} is before version {version} was executed, on {record.date}", "write the day with --date"
        )
    mark = Void(**told, date=date)
    files = {f"{record.folder}/{VOID}": write(mark, VOID_FORMAT, COMMENT)}
    data = project.load(file)[0]
    if data and str(data["version"]) == version and data["status"] in SINCE_EXECUTION:
        path = path_in(project.tree, agreement)
        files[path] = with_scalar(project.tree.read(path), "status", VOIDED_STATUS, path)
    publish_together(files, project.root)
    return mark
