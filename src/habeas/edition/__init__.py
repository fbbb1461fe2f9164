"""The contract between office and door: numbered, immutable folders of rendered pages."""
