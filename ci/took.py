"""Print what each step took and left, as a table: `took.py FOLDER`, where steps.txt has lines of a name and seconds."""

import pathlib
import sys

LEFT = {"build": "site", "ready": "signed-ready", "review": "review"}

folder = pathlib.Path(sys.argv[1])
print("### What it took\n\n| Step | Seconds | MB |\n| :--- | ---: | ---: |")
for line in (folder / "steps.txt").read_text(encoding="utf-8").splitlines():
    name, seconds = line.split()
    kept = folder / LEFT.get(name, "nothing")
    sizes = [path.stat().st_size for path in kept.rglob("*") if path.is_file()]
    print(f"| {name} | {seconds} | {sum(sizes) / 1e6:.1f} |" if sizes else f"| {name} | {seconds} | |")
