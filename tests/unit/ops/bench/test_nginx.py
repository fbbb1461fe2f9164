"""nginx is compared at its best: it says what the door says, and nothing that slows it down."""

from pathlib import Path

from habeas.ops.bench.nginx import configuration

HEADERS = {
    "ETag": '"abc-br"',
    "content-security-policy": "default-src 'none'",
    "Connection": "close",
    "Date": "Sun, 22 Nov 2026 20:42:53 GMT",
    "content-length": "5741",
}


def test_the_headers_of_a_page_are_copied_quotes_and_all() -> None:
    """The same bytes, so that the same work is compared."""
    text = configuration(Path("/data"), 1234, 2, HEADERS)

    assert r'add_header ETag "\"abc-br\"";' in text
    assert "add_header content-security-policy \"default-src 'none'\";" in text


def test_a_connection_is_kept_open_for_the_next_page() -> None:
    """A copied "connection: close" once made nginx a sixth as fast as it is."""
    text = configuration(Path("/data"), 1234, 2, HEADERS)

    assert "add_header Connection" not in text
    assert "add_header Date" not in text
