"""Render a Document in formats: all of them, or all that is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from clausebook.document.model import Document
from clausebook.findings.model import Finding, FindingsError, RepositoryError
from clausebook.render.manifest import Manifest
from clausebook.render.proven_file import Place, render_file
from clausebook.render.trial import faults


def render_files(
    document: Document,
    root: Path,
    formats: Sequence[str],
    place: Place | None = None,
    manifest: Manifest | None = None,
) -> dict[str, bytes]:
    """Render the document in the formats; by file name `<id>.<format>`.

    Raises FindingsError when a character cannot be shown, or a look cannot be used; `place` tells where
    the character stands. The document and the manifest, if there is one, are attached to the PDF.
    """
    files: dict[str, bytes] = {}
    findings: list[Finding] = []
    for name in formats:
        try:
            files[f"{document.id}.{name}"] = render_file(document, root, name, place, manifest)
        except FindingsError as error:
            findings += error.findings
        except RepositoryError:  # the disk is full: no fault of the look
            raise
        except Exception as error:  # a look can be wrong in any way, and no format may stop the others
            findings += faults(root, name, error, f"the {name} of `{document.id}` cannot be made")
    if findings:
        raise FindingsError(findings)
    return files
