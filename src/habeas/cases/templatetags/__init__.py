"""Tags and filters of the registry's screens."""
