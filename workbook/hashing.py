"""SHA-256 as the standard library's random takes it: hashlib loads OpenSSL, which takes longer than hashing here."""

try:
    from _sha256 import sha256  # type: ignore[import-not-found]
except ImportError:
    from hashlib import sha256

__all__ = ("sha256",)
