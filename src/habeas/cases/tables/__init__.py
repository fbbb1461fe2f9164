"""Tables: lists of cases that others keep, as CSV or XLSX, read without guessing (docs/importing.md).

reading    the file: encoding, delimiter, rows as they stand
cells      one cell: entities, blanks, names in several scripts
countries  names of countries in many languages
days       dates in words
mapping    which column is what, and which word of theirs is which of ours
rows       a row understood, or the reason why not
survey     the whole table looked at before anything is written
"""
