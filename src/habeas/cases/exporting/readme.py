"""What an export says about itself, for people who have never seen Habeas."""

README = """# An export of a registry of human-rights cases

Made by Habeas, in plain files: nothing but a text editor is needed to read them.
This bundle is about people in danger. Keep it encrypted, and delete it when it is no longer needed.

| file | what it is |
|---|---|
| `manifest.json` | the format (`habeas-export/1`), when and by whom it was made, which cases, what was left out, and the SHA-256 and size of every other file |
| `records/KIND.jsonl` | one record a line, as JSON (UTF-8): persons, cases, events, claims, sources, … |
| `log/changes.jsonl` | who changed which record when, in which fields and why; it holds no values |
| `log/custody.jsonl` | who held which document when, with its SHA-256 at that moment |
| `documents/SHA256` | the documents, byte for byte as they came in, each under its SHA-256; names and types are in `records/document.jsonl` |
| `vocabulary.json` | the words of every coded field, and `esf_list`: the number of the list in the HURIDOCS Events Standard Formats |
| `cases.csv` | only where asked for: one case a line, for a spreadsheet; a cell that a spreadsheet could run as a formula begins with ' |

Records point at one another by `id`. A record with `version_of` is an earlier version of that record, which `replaced_at` replaced;
a record without it is how things stand. `withdrawn_at` is set on what counts no more, and stays with its reason.
`access` is 0 public, 1 partners, 2 staff, 3 case team, 4 sealed.

Dates of events are EDTF (ISO 8601-2) in `date_edtf`, as exact as the source: 2014-01-05, 2014-01, 2014, 2014~ (about);
"a/b" is somewhere between a and b, and ".." an end that nobody knows. `earliest` and `latest` are the first and last day it can mean.
Claims say what each source says; sources that share an `origin` repeat one another.

Who a source is, is never exported: those identities stay sealed in the registry. Nor is what the person who made the export may not read.
"""
