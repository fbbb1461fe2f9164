"""Figures of our own: counted from records, said no more firmly than the count allows, corrected in the open."""
