"""The demonstration: a real case, an invented one, and a campaign for each."""
