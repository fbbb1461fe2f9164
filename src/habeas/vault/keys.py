"""Key files: made once, never overwritten, readable by their owner only.

    keys/clerk/<campaign>.seal   public key, then private key: what opens the records of a campaign
    keys/door/<campaign>.index   32 bytes: signer tokens of a campaign (vault.pseudonym)
    keys/door/links              32 bytes: link tokens in mails (vault.links)
    keys/office/<case>.registry  public key, then private key: what opens the identities of a case's sources

The folders part what the processes may read: on a machine with several users, `clerk` belongs to the
clerk, `office` to the office and `door` to all. Private keys are read in vault.unseal and nowhere else.
"""

import os
import re
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from habeas.lib import durable
from habeas.lib.errors import HabeasError
from habeas.vault import suite

SECRET_BYTES = 32
_OWNER_ONLY = 0o600
_INDEX_NAME = re.compile(r"[0-9a-f]{16}\.index")


class KeysMissing(HabeasError):
    """A key file that should be there is not: restore the keys folder from its own backup."""


class KeysDamaged(HabeasError):
    """A key file has not the length it was written with: restore the keys folder from its own backup."""


def private_key_path(folder: Path, campaign: bytes) -> Path:
    """Return where the sealing key pair of `campaign` lies."""
    return folder / "clerk" / f"{campaign.hex()}.seal"


def index_key_path(folder: Path, campaign: bytes) -> Path:
    """Return where the signer-token key of `campaign` lies."""
    return folder / "door" / f"{campaign.hex()}.index"


def campaigns(folder: Path) -> list[bytes]:
    """Return the campaigns whose signer tokens can be made here."""
    names = sorted(path for path in (folder / "door").glob("*.index") if _INDEX_NAME.fullmatch(path.name))
    return [bytes.fromhex(path.stem) for path in names]


def link_key_path(folder: Path) -> Path:
    """Return where the link-token key of this installation lies."""
    return folder / "door" / "links"


def registry_key_path(folder: Path, case: bytes) -> Path:
    """Return where the key pair of a case lies: one a case, so that destroying it closes that case alone."""
    return folder / "office" / f"{case.hex()}.registry"


def create_registry_keys(folder: Path, case: bytes) -> bytes:
    """Make the key pair of a case unless it exists, and return its encoded public key.

    folder  the keys folder; made with its parts if missing
    case    the case's identifier
    """
    path = registry_key_path(folder, case)
    if not path.exists():
        _create_once(path, _new_pair())
    return _read_public(path)


def create_campaign_keys(folder: Path, campaign: bytes) -> bytes:
    """Make the keys of `campaign` unless they exist, and return its encoded public key.

    folder   the keys folder; made with its parts if missing
    returns  version, ML-KEM-768 and X25519 public key (docs/formats/envelope.md)

    Keys that exist are never replaced: what was sealed to them would be lost. Two processes may call
    this at once, and both return the key of the one that came first.
    """
    _create_once(index_key_path(folder, campaign), secrets.token_bytes(SECRET_BYTES))
    path = private_key_path(folder, campaign)
    if not path.exists():
        _create_once(path, _new_pair())
    return public_key(folder, campaign)


def public_key(folder: Path, campaign: bytes) -> bytes:
    """Return the encoded public key of `campaign`; the private half of the file is not read.

    raises  KeysMissing if the campaign has no keys here
            KeysDamaged if the file does not begin with a public key
    """
    return _read_public(private_key_path(folder, campaign))


def _read_public(path: Path) -> bytes:
    try:
        with path.open("rb", buffering=0) as file:
            encoded = file.read(suite.PUBLIC_BYTES)
    except FileNotFoundError as error:
        raise KeysMissing(f"no sealing key at {path}") from error
    try:
        suite.decode_public(encoded)
    except suite.NotAPublicKey as error:
        raise KeysDamaged(f"no public key at the start of {path}") from error
    return encoded


def index_key(folder: Path, campaign: bytes) -> bytes:
    """Return the 32-byte signer-token key of `campaign`.

    raises  KeysMissing if the campaign has no keys here
    """
    return _read_secret(index_key_path(folder, campaign))


def link_key(folder: Path) -> bytes:
    """Return the 32-byte link-token key of this installation, made on first use."""
    path = link_key_path(folder)
    if not path.exists():
        _create_once(path, secrets.token_bytes(SECRET_BYTES))
    return _read_secret(path)


def _new_pair() -> bytes:
    """Return a new key pair as one file: were there two, a crash between them would part the pair."""
    mlkem, x25519 = MLKEM768PrivateKey.generate(), X25519PrivateKey.generate()
    public = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
    private = mlkem.private_bytes_raw() + x25519.private_bytes_raw()
    return suite.KEY_VERSION + public + suite.KEY_VERSION + private


def _read_secret(path: Path) -> bytes:
    try:
        secret = path.read_bytes()
    except FileNotFoundError as error:
        raise KeysMissing(f"no key at {path}") from error
    if len(secret) != SECRET_BYTES:
        raise KeysDamaged(f"{path} is not {SECRET_BYTES} bytes long")
    return secret


def _create_once(path: Path, content: bytes) -> None:
    """Put `content` at `path` unless something is there; a reader never sees half a key.

    A hard link fails where the name exists, which `rename` does not: the first writer wins.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    durable.write(temporary, content, mode=_OWNER_ONLY)
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass  # another process was first, and its key is the key
    finally:
        temporary.unlink()
    durable.sync_folder(path.parent)
