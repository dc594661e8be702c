"""An agreement as lines that a diff compares."""

from __future__ import annotations

from pathlib import Path

import pytest

from clausebook.document.words import words
from clausebook.history.git_diff.agreement_lines import plain_text
from clausebook.project.project import Project


@pytest.mark.slow("every deal of the tests")
def test_the_lines_hold_the_document_s_words(partnership: Path) -> None:
    with Project(partnership) as project:
        for agreement in project.assemble_all():
            assert agreement.document
            lines = list(plain_text(agreement.document))
            # Bars and dashes stand for the look of tables and of lists without numbers.
            marks = ("|", "-")
            shown = [word for line in lines for word in line.split() if word not in marks]
            assert shown == [word for word in words(agreement.document) if word not in marks]
            assert max(map(len, lines)) < 2500
