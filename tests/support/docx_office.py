"""LibreOffice as a judge: it accepts or rejects all changes of many files in one start, reckons fields, prints text."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

OFFICE = shutil.which("soffice")
ACCEPT = "AcceptAllTrackedChanges"
REJECT = "RejectAllTrackedChanges"
LEAVE = "-"
_PAGE = re.compile(r"\t\d+$")

# A Basic macro needs neither Java nor a Python with UNO. The profile comes with a module of this name.
_MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">
Sub Resolve(jobs As String)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden"
  hidden(0).Value = True
  Dim plain(1) As New com.sun.star.beans.PropertyValue
  plain(0).Name = "FilterName"
  plain(0).Value = "Text (encoded)"
  plain(1).Name = "FilterOptions"
  plain(1).Value = "UTF8,LF"
  Dim nothingElse()
  dispatcher = createUnoService("com.sun.star.frame.DispatchHelper")
  number = FreeFile
  Open jobs For Input As #number
  Do While Not Eof(number)
    Line Input #number, job
    fields = Split(job, " ")
    If UBound(fields) = 2 Then
      document = StarDesktop.loadComponentFromURL(fields(1), "_blank", 0, hidden())
      If fields(0) &lt;&gt; "-" Then
        dispatcher.executeDispatch(document.CurrentController.Frame, ".uno:" &amp; fields(0), "", 0, nothingElse())
      End If
      document.TextFields.refresh()
      document.storeToURL(fields(2), plain())
      document.close(True)
    End If
  Loop
  Close #number
  StarDesktop.terminate()
End Sub
</script:module>
"""


@dataclass(frozen=True, slots=True)
class Job:
    """A DOCX file and what to do with its changes: ACCEPT, REJECT or LEAVE."""

    command: str
    data: bytes


def office_texts(jobs: Sequence[Job], folder: Path) -> list[list[str]]:
    """Return the lines of text that LibreOffice prints for each job, empty ones and bullets left out."""
    # A profile of its own, in a new folder: two starts that share one would hand their work to each other.
    profile = Path(mkdtemp(prefix="office-", dir=folder))
    start = [str(OFFICE), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nolockcheck"]
    _run([*start, "--terminate_after_init"])
    (profile / "user" / "basic" / "Standard" / "Module1.xba").write_text(_MODULE, encoding="utf-8")
    lines = []
    for number, job in enumerate(jobs):
        source = folder / f"{number}.docx"
        source.write_bytes(job.data)
        lines.append(f"{job.command} {source.as_uri()} {source.with_suffix('.txt').as_uri()}\n")
    listing = folder / "jobs"
    listing.write_text("".join(lines), encoding="utf-8")
    macro = f'macro:///Standard.Module1.Resolve("{listing}")'
    _run([*start, macro])
    return [_lines(folder / f"{number}.txt") for number in range(len(jobs))]


def _run(command: Sequence[str]) -> None:
    """Run LibreOffice; the bound only keeps a start that hangs from hanging for ever, however busy the machine is."""
    done = subprocess.run(command, check=False, capture_output=True, timeout=900)
    if done.returncode:
        raise RuntimeError(f"LibreOffice ended with {done.returncode}: {done.stderr.decode(errors='replace')[-500:]}")


def _lines(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8-sig").translate({ord("•"): "", ord("–"): "–"})
    # The pages of the contents are told only where it has laid the pages out.
    return [" ".join(_PAGE.sub("", line).split()) for line in text.splitlines() if line.strip()]
