"""One habeas.toml, HABEAS_* variables over it, *_FILE for secrets; fails loudly."""
