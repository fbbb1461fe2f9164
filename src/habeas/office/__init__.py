"""The staff face: Django and Wagtail, on a host name or port of its own."""
