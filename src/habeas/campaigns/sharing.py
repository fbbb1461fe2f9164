"""Telling others: links that open another program with text in it, and nothing that watches who does.

Each is a plain link; nothing is loaded from those services before somebody follows one. Signal offers no
address that takes a text: for it, and for every other program, the page has the text ready to be copied.
"""

from functools import lru_cache
from html import escape
from io import BytesIO
from urllib.parse import quote

import segno

from habeas.campaigns.presentation import Share, Way

QR_KIND = "image/svg+xml"
FRAME_HEIGHT = 980  # of the form on another site where no script tells the height: all of it in 360 px

# What a partner pastes. The second half is optional: it believes the height, a number, from us alone.
_EMBED = """<iframe src="{link}" title="{title}"
  width="100%" height="{height}" style="border:1px solid" loading="lazy"></iframe>
<script>
addEventListener("message", (event) => {{
  if (event.origin !== "{origin}") return;
  for (const frame of document.querySelectorAll("iframe"))
    if (frame.contentWindow === event.source) frame.height = Number(event.data.height) || frame.height;
}});
</script>"""


def share(text: str, link: str, qr: str = "", embed: str = "") -> Share:
    """Return the ways to send `text` and `link` to others.

    qr     address of the picture that phones read, empty if there is none
    embed  from `embed_code`, empty where there is nothing to sign
    """
    both = quote(f"{text} {link}", safe="")
    words, address = quote(text, safe=""), quote(link, safe="")
    letter = quote(f"{text}\n\n{link}", safe="")
    return Share(
        text=text,
        link=link,
        mail=f"mailto:?subject={words}&body={letter}",
        ways=(
            Way("WhatsApp", f"https://wa.me/?text={both}"),
            Way("Telegram", f"https://t.me/share/url?url={address}&text={words}"),
            Way("X", f"https://x.com/intent/post?text={words}&url={address}"),
            Way("Mastodon", f"https://share.joinmastodon.org/#text={both}"),
            Way("Bluesky", f"https://bsky.app/intent/compose?text={both}"),
        ),
        qr=qr,
        embed=embed,
    )


def embed_code(origin: str, path: str, title: str) -> str:
    """Return the lines of HTML that show the sign form at `path` of `origin` on another site."""
    return _EMBED.format(origin=origin, link=origin + path, title=escape(title), height=FRAME_HEIGHT)


@lru_cache(maxsize=1024)
def qr_code(link: str) -> bytes:
    """Return the QR code of an address as SVG, dark on light with the quiet zone that scanners ask for."""
    made = BytesIO()
    segno.make(link, error="m", micro=False).save(
        made, kind="svg", border=4, dark="#1c1712", light="#ffffff", omitsize=True, xmldecl=False, nl=False
    )
    return made.getvalue()
