"""Sealing personal data, signer tokens, link tokens, and the keys for them."""
