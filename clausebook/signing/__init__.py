"""Sign a PDF in one of its fields: a further revision that changes nothing of what was there."""
