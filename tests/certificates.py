"""A certification authority for one test, and what it signs for servers on this machine."""

from __future__ import annotations

import datetime as dt
import ipaddress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NOW = dt.datetime.now(dt.UTC)


class Authority:
    """Its certificate is at `file`; what it signs lies beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.key = folder, ec.generate_private_key(ec.SECP256R1())
        self.name = _named("Test CA")
        self.file = folder / "ca.pem"
        self.file.write_bytes(_pem(self._signed(self.name, self.key.public_key(), [], NOW + dt.timedelta(1), ca=True)))

    def server(self, *hosts: str, expired: bool = False) -> tuple[Path, Path]:
        """The files of a certificate for these names or addresses, and of its key."""
        key, until = ec.generate_private_key(ec.SECP256R1()), NOW + dt.timedelta(-1 if expired else 1)
        made = self._signed(_named(hosts[0]), key.public_key(), hosts, until)
        stem = f"{hosts[0]}{'-expired' if expired else ''}"
        certificate, secret = self.folder / f"{stem}.pem", self.folder / f"{stem}.key"
        certificate.write_bytes(_pem(made))
        secret.touch(0o600)
        secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                             serialization.NoEncryption()))
        return certificate, secret

    def _signed(self, subject: x509.Name, key: ec.EllipticCurvePublicKey, hosts: tuple[str, ...] | list[str],
                until: dt.datetime, *, ca: bool = False) -> x509.Certificate:
        names = [x509.IPAddress(ipaddress.ip_address(one)) if one[0].isdigit() else x509.DNSName(one) for one in hosts]
        built = (x509.CertificateBuilder().subject_name(subject).issuer_name(self.name).public_key(key)
                 .serial_number(x509.random_serial_number()).not_valid_before(NOW - dt.timedelta(3))
                 .not_valid_after(until).add_extension(x509.BasicConstraints(ca, None), critical=True))
        if names:
            built = built.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return built.sign(self.key, hashes.SHA256())


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
