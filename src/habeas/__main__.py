"""`python -m habeas` is the `habeas` command."""

from habeas.ops.cli import main

main()
