"""What a command is said to have taken is what all its processes took, those too that outlive it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.repositories import ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked at as Linux tells of them")

MEASURE = """
import sys
from pathlib import Path
from benchmarks import measuring
measuring.adopt()
try:
    cost = measuring.measured([sys.executable, "-c", sys.argv[1]], Path.cwd(), {"GREETING": "hello"}, 1)
    print(cost.processor, cost.memory)
except measuring.Failed as failure:
    print(failure)
"""
BUSY = "import time; start = time.process_time()\nwhile time.process_time() - start < 0.3: pass"


def measured(program: str) -> str:
    """Measure a program in a process of its own, for orphans are handed to whoever has asked for them once."""
    command = [sys.executable, "-c", MEASURE, program]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_an_orphan_counts(tmp_path: Path) -> None:
    child = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {BUSY!r}])"
    processor, _ = map(float, measured(child).split())
    assert processor >= 0.3


def test_memory_is_that_of_all_processes_and_shared_pages_count_once() -> None:
    forking = "import os, time\nheld = b'x' * 2**26\nif not os.fork(): time.sleep(1); os._exit(0)\n"
    forked = float(measured(f"{forking}os.wait()").split()[1])
    own = "held = b'x' * 2**26; import time; time.sleep(1)"
    apart = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {own!r}])"
    beside = float(measured(f"held = b'x' * 2**26\n{apart}").split()[1])
    assert 2**26 < forked < 2 * 2**26 < beside


def test_a_command_that_fails_is_told_with_what_it_said() -> None:
    said = measured("import os, sys; sys.exit(f\"{os.environ['GREETING']} {len(os.sched_getaffinity(0))}\")")
    assert "exit code 1" in said
    assert "hello 1" in said
