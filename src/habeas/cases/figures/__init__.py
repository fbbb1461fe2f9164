"""Figures of our own: counted from records, said as firmly as the count allows, corrected in the open."""
