"""What the first sheet of a workbook says: how to fill it in. A blank line parts its sections."""

from .workbook_cells import LINE_BREAK
from .workbook_layout import HELP_SIGN, LISTS

READ_ME_TEXT = f"""\
How to fill in this workbook

What a row is
Each sheet from "projects" to "actions" holds one type of record. One row is one record.
A sheet with a dot in its name, such as "workshops.organisers", holds lists: one row is one entry, \
in order. Its first column says to which record the entry belongs.
Row 1 has the names of the columns: do not change them. Their order does not matter, and columns \
and sheets that you do not need may be deleted.
Row 2 explains each column. It begins with {HELP_SIGN} and is never read.
A column with a red header must be filled in. Any other cell may stay empty, which means: not known.

Ids
An id is a short name for good: words of a-z and 0-9 joined by hyphens, such as \
kharkiv-2021-09-03-validation. Other rows name the record by it.
A record is written whole. For one that is already published, begin with its export: what is not \
in the workbook any more is taken away from the record.
Leave the column "version" as the export has it, so that nobody's newer change is undone.

Dates
Write dates as text, as precise as the source is: 2021, 2021-09 or 2021-09-03. The cells are \
formatted as text; keep that when you paste (paste the values only).
A moment needs its offset from UTC: 2021-09-03T11:00:00+02:00.

Several values in one cell
Write one value a line (Alt+Enter in Excel, Ctrl+Enter in LibreOffice). Ids and languages may also \
be separated by commas.
Where one entry has a line break of its own, write {LINE_BREAK} for it.
External ids are written scheme: value, one a line, such as unece_event: 359406.

Languages
The column "lang" says in which language the row is written: en, uk, ru, sq ...
Texts in other languages stand on the sheet "translations": one row for one text.

Sources
Each record needs at least one row on the sheet of its sources, such as "workshops.sources", with \
an address or a title, and with how sure it is: stated (the source says so) or inferred.
Write only what a source states. Leave empty what none does.

What happens then
Planning shows what would be created and changed, and changes nothing. All mistakes are told at \
once, each with its sheet, row and column.
Applying does what the plan shows: all of it, or nothing.
Formulas are refused: paste their values. This sheet and "{LISTS}" are not read.
"""
