"""The days and duties that follow from a deal, reckoned; what closed them; calendars and reminders."""
