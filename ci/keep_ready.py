"""Copy the PDF of each agreement that is ready to be signed: `keep_ready.py FOLDER`, where ready.json and site/ are."""

import json
import pathlib
import shutil
import sys

folder = pathlib.Path(sys.argv[1])
told = json.loads((folder / "ready.json").read_text(encoding="utf-8"))["agreements"]
kept = folder / "signed-ready"
kept.mkdir(exist_ok=True)
ready = []
for each in told:
    name = each["agreement"]
    pdf = folder / "site" / "agreements" / name / f"{name}.pdf"
    # The site offers no file of an agreement with an error.
    if each["ready"] and pdf.is_file():
        shutil.copy(pdf, kept)
        ready.append(name)
print(f"Ready to be signed: {', '.join(ready) or 'none'}. What stands in the way of the others: ready.json.")
