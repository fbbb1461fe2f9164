"""The registry: persons, events, sources, claims, authorities, cited figures."""
