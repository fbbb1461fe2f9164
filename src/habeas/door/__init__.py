"""The public face: the current edition from memory, entries into the journal. No Django here."""
