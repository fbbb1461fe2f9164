"""Everything out again, in a format that needs no Habeas to be read (docs/formats/export.md).

bundle      a folder or a ZIP, with the SHA-256 of every file in it
content     what goes into it: records with their versions, the log, documents, words
readme      what the bundle says about itself
"""
