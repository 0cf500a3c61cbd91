"""The pipeline on anyone's spreadsheet: no site, no database, nothing sent anywhere.

``consult-themes comments.csv --text COLUMN --out DIR``; see docs/spreadsheet.md.
"""
