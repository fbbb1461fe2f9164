"""The `habeas` command."""
