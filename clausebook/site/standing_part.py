"""Where an agreement stands, in full: the negotiation, who signed and what was verified, the chain of amendments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from types import MappingProxyType

from clausebook.document.statuses import ENDED
from clausebook.lifecycle.standing import AmendmentStep, ExecutedFiles, ExecutedText, Standing
from clausebook.records.model import MARKDOWN, SIGNED, ExecutedVersion, RecordedSignatory
from clausebook.site.markup import button, chip, day, finding_list, humane, link, table
from clausebook.site.page import Heading, agreement_path
from clausebook.site.site_content import AgreementHistory, AgreementPage, BrokenAgreement
from clausebook.site.steps import AMENDMENTS, EXECUTION, TURNS, amendment_link, effective, whom

STANDING, TEXT = "page_standing", "agreement-text"

VERDICTS: Mapping[str, str] = MappingProxyType(
    {"verified": "Verified", "incomplete": "Text matches, evidence incomplete"}
)
"""What the verdicts with which an agreement can be executed are called."""

EVIDENCE: Mapping[str, str] = MappingProxyType(
    {
        "certificate": "Digital signature in the file",
        "completion": "Signing service’s certificate of completion",
        "attestation": "Statement of a named person",
        "none": "None",
    }
)
"""By what a signatory is held to have signed. A statement is never called more than that."""

FORMATS: Mapping[str, str] = MappingProxyType({".pdf": "PDF", ".docx": "Word", ".md": "Markdown"})
"""What a download is called, by the end of its name."""

NONE = "–"

Others = Mapping[str, AgreementPage | BrokenAgreement]
"""The agreements that have a page, by id."""

_FOUND: Mapping[str, str] = MappingProxyType(
    {
        "verified": "The words of what came back signed are those of version {version}. No signature in the file is "
        "broken, and nothing was changed after signing that the signatures do not allow. Each signatory signed with a "
        "trusted certificate, or is named in a signing service’s sealed certificate of completion.",
        "incomplete": "What was found on the pages agrees with version {version}, and nothing was found to be tampered "
        "with. But the file alone does not prove all of it; what it lacks stands below. For those signatures a "
        "named person stated what they saw, and such a statement proves nothing by itself.",
    }
)


def titles_of(others: Others) -> Mapping[str, str]:
    """Return what each agreement is called."""
    return {name: each.document.title if isinstance(each, AgreementPage) else each.id for name, each in others.items()}


def standing_part(standing: Standing, page: str, past: AgreementHistory | None, others: Others) -> tuple[str, Heading]:
    """Return the part of an agreement's page that tells where it stands, and its entry in the contents."""
    parts: list[tuple[str, str, str]] = []
    if standing.turns:
        parts.append((TURNS, "Negotiation", _turns(standing)))
    if standing.executions:
        for number, execution in enumerate(reversed(standing.executions)):
            anchor = f"{EXECUTION}_{number}" if number else EXECUTION
            title = f"Execution of version {execution.record.version}"
            parts.append((anchor, title, _execution(standing, execution, page, past)))
    else:
        parts.append((EXECUTION, "Who is to sign", _to_sign(standing)))
    if standing.amendments or standing.amends:
        parts.append((AMENDMENTS, "Chain of amendments", _chain(standing, page, others)))
    body = [f'<h2 id="{STANDING}">Where it stands</h2>\n']
    body += [f'<h3 id="{anchor}">{escape(title)}</h3>\n{html}' for anchor, title, html in parts]
    if standing.findings:
        body.append(finding_list(standing.findings))
    children = tuple(Heading(title, anchor, 3) for anchor, title, _ in parts)
    return "".join(body), Heading("Where it stands", STANDING, 2, children)


def signed_files(standing: Standing) -> Mapping[str, bytes]:
    """Return the files of the records that stand beside the page, by name."""
    return {
        _file(each.record, name): content
        for each in standing.executions
        for name, content in sorted(each.files.items())
    }


def signed_downloads(standing: Standing, page: str, version: str) -> str:
    """Return the signed PDFs of a version as items of a list of downloads."""
    found = next((each for each in standing.executions if each.record.version == version), None)
    names = [name for name in _in_order(found.files) if name != MARKDOWN] if found else []
    return "".join(_button(found.record, page, name) for name in names) if found else ""


def signatories(standing: Standing) -> str:
    """Return who signed, or is to sign, as a list."""
    found = standing.execution
    if found:
        rows = [
            (each.name, f"for {each.party}", f" · {_signed(each)}" if each.evidence != "none" else "")
            for each in found.record.signatories
        ]
    else:
        rows = [(each.name or "Not named yet", f"for {each.party}", "") for each in standing.to_sign]
    items = "".join(
        f'<li>{escape(name)} <span class="cb-note">{escape(party)}{signed}</span></li>\n'
        for name, party, signed in rows
    )
    return f"<ul>\n{items}</ul>\n" if items else ""


def verdict_chip(record: ExecutedVersion) -> str:
    """Return the mark that shows the verdict of a record."""
    look = {"verified": "good", "incomplete": "warning"}.get(record.verdict, "error")
    return chip(VERDICTS.get(record.verdict, humane(record.verdict)), look)


def _turns(standing: Standing) -> str:
    rows = []
    for turn in standing.turns:
        sent = turn.direction == "sent"
        mark = f'<code title="{escape(turn.text)}">{escape(turn.text[:12])}</code>' if turn.text and sent else NONE
        rows.append(
            [
                str(turn.number),
                day(turn.date),
                f"{'Sent to' if sent else 'Answer from'} {escape(whom(standing, turn))}",
                escape(turn.version) or NONE,
                mark,
                escape(turn.note) or NONE,
            ]
        )
    return table(("Turn", "Date", "What", "Version", "Text fingerprint", "Note"), rows, "Turns of the negotiation")


def _to_sign(standing: Standing) -> str:
    if not standing.to_sign:
        return "<p>The agreement has no signature blocks.</p>\n"
    rows = [[escape(each.name) or NONE, escape(each.title) or NONE, escape(each.party)] for each in standing.to_sign]
    said = "<p>Nobody has signed: no execution of this agreement is recorded.</p>\n"
    return said + table(("Signatory", "Title", "For"), rows, "Who is to sign")


def _execution(standing: Standing, execution: ExecutedFiles, page: str, past: AgreementHistory | None) -> str:
    record = execution.record
    committed = past.recorded.get(record.version, "") if past else ""
    when = f", which was committed on {day(committed[:10])}" if committed else ""
    found = _FOUND.get(record.verdict, "").format(version=record.version)
    known = f"{escape(found)} This was found when the execution was recorded{when}."
    if not found:
        known = (
            f"The record holds the verdict “{escape(record.verdict)}”, with which no agreement is executed. "
            "Run <code>clausebook check</code>."
        )
    stated = {each.block: each.statement for each in record.attestations}
    rows = [_signatory(each, stated.get(each.block, "")) for each in record.signatories]
    columns = ("Signatory", "For", "Signed", "Evidence", "What was found")
    files = "".join(_button(record, page, name) for name in _in_order(execution.files))
    damaged = "".join(
        f'<p class="cb-notice cb-notice-bad"><code>{escape(f"{record.folder}/{name}")}</code> is not the file that '
        "was recorded, so it is not offered here. Run <code>clausebook check</code>.</p>\n"
        for name in execution.damaged
    )
    return "".join(
        [
            f'<p class="cb-verdict">{verdict_chip(record)} <span>Executed on {day(record.date)}.</span></p>\n',
            f"<p>{known}</p>\n",
            _reasons(record),
            table(columns, rows, f"Signatories of version {record.version}") if rows else "",
            f'<ul class="cb-downloads" aria-label="Executed files of version {escape(record.version)}">\n{files}</ul>\n'
            if files
            else "",
            damaged,
            f'<p class="cb-note">Each file is the one whose SHA-256 stands in <code>{escape(record.folder)}/</code>. '
            "To verify a signed PDF again: <code>clausebook verify FILE.pdf --trust PARTY=ROOT.pem</code></p>\n"
            if files
            else "",
        ]
    )


def _reasons(record: ExecutedVersion) -> str:
    """Return what the file lacks, but for what the table of signatories tells."""
    statements = [each.statement for each in record.attestations]
    told = [reason for reason in record.reasons if not any(each and each in reason for each in statements)]
    if record.verdict == "verified" or not told:
        return ""
    items = "".join(f"<li>{escape(reason)}</li>\n" for reason in told)
    return f'<ul class="cb-reasons" aria-label="What the file lacks">\n{items}</ul>\n'


def _signatory(signatory: RecordedSignatory, statement: str) -> list[str]:
    found = escape(signatory.detail)
    if statement and signatory.evidence == "attestation":
        found = f"“{escape(statement)}”"
    elif statement:
        found += f' <span class="cb-note">Also stated: “{escape(statement)}”</span>'
    evidence = EVIDENCE.get(signatory.evidence, humane(signatory.evidence))
    return [
        escape(signatory.name) or NONE,
        escape(signatory.party),
        day(signatory.time) or NONE,
        escape(evidence),
        found or NONE,
    ]


def _signed(signatory: RecordedSignatory) -> str:
    if signatory.evidence == "attestation":
        return "signed, as a named person states"
    return f"signed {day(signatory.time[:10])}" if signatory.time else "signed"


def _in_order(names: Iterable[str]) -> list[str]:
    """Return the signed files in the order of their numbers, then the text."""
    return sorted(names, key=lambda name: (name == MARKDOWN, len(name), name))


def _file(record: ExecutedVersion, name: str) -> str:
    return f"{record.agreement}-{record.version}-{'executed.md' if name == MARKDOWN else name}"


def _button(record: ExecutedVersion, page: str, name: str) -> str:
    number = name.removesuffix(".pdf").rpartition("-")[2]
    label = "Executed text, Markdown" if name == MARKDOWN else "Signed PDF"
    label += f", counterpart {number}" if name not in (MARKDOWN, SIGNED) else ""
    return button(page, f"{page.rpartition('/')[0]}/{_file(record, name)}", label, f"of version {record.version}")


def _chain(standing: Standing, page: str, others: Others) -> str:
    items = list(_amendment_items(standing, page, others) if standing.amends else _text_items(standing, page, others))
    return f'<ol class="cb-chain">\n{"".join(items)}</ol>\n'


def _amendment_items(standing: Standing, page: str, others: Others) -> Iterator[str]:
    """Yield the links of the chain on the page of an amendment: the agreement, the amendment, the restated text."""
    step = standing.amends
    if step is None:
        return
    agreement = others.get(step.agreement)
    title = titles_of(others).get(step.agreement, step.agreement)
    name = link(page, agreement_path(step.agreement), title) if agreement else escape(title)
    yield _item(name, "", [f"Version {escape(step.base)}, which is amended"] if step.base else [])
    yield _step_item(step, page, others)
    yield _restated_item(step, page, others)


def _text_items(standing: Standing, page: str, others: Others) -> Iterator[str]:
    """Yield the links of the chain on the page of the agreement: each text, and the amendments between them."""
    steps = {step.id: step for step in standing.amendments}
    told = set()
    for text in standing.texts:
        latest = _latest(standing, text)
        if text.by in steps:
            told.add(text.by)
            yield _step_item(steps[text.by], page, others)
            yield _restated_item(steps[text.by], page, others, latest)
        else:
            title = "Original agreement" if text is standing.texts[0] else "Agreement, signed anew"
            files = signed_downloads(standing, page, text.version)
            yield _item(title, latest, [f"Version {escape(text.version)}", f"executed {day(text.date)}"], files)
    for step in standing.amendments:
        if step.id not in told:
            yield _step_item(step, page, others)
            yield _restated_item(step, page, others)


def _latest(standing: Standing, text: ExecutedText) -> str:
    if text is not standing.latest:
        return ""
    return chip("Latest executed text", "neutral" if standing.status in ENDED else "good")


def _step_item(step: AmendmentStep, page: str, others: Others) -> str:
    executed = f"executed {day(step.executed)}" if step.executed else "not executed"
    status = chip(humane(step.status), f"status-{step.status}") if step.status else ""
    problems = finding_list(step.findings) if step.findings else ""
    name = amendment_link(step, page, titles_of(others))
    said = effective(step)
    return _item(name, status, [said[:1].upper() + said[1:], executed], "", problems)


def _restated_item(step: AmendmentStep, page: str, others: Others, latest: str = "") -> str:
    made, agreement = others.get(step.id), others.get(step.agreement)
    files = made.downloads if isinstance(made, AgreementPage) else {}
    names = [(f"{step.id}-restated{suffix}", label) for suffix, label in FORMATS.items()]
    folder = agreement_path(step.id).rpartition("/")[0]
    buttons = "".join(
        button(page, f"{folder}/{name}", label, f"of the restated text, version {step.makes}")
        for name, label in names
        if name in files
    )
    version = f"Version {step.makes}" if step.makes else ""
    if isinstance(agreement, AgreementPage) and agreement.document.version == step.makes:
        said = link(page, agreement_path(step.agreement), version, TEXT)
    else:
        said = escape(version)
    return _item("Restated text", latest, [said, "" if step.executed else "not executed"], buttons)


def _item(title: str, mark: str, facts: list[str], buttons: str = "", more: str = "") -> str:
    """Return a link of the chain; all of it is HTML."""
    said = " · ".join(filter(None, facts))
    downloads = f'<ul class="cb-downloads" aria-label="Downloads">\n{buttons}</ul>\n' if buttons else ""
    return (
        f'<li class="cb-link">\n<p class="cb-link-title">{title} {mark}</p>\n'
        f'<p class="cb-note">{said}</p>\n{downloads}{more}</li>\n'
    )
