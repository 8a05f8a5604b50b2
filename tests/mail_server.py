"""A small SMTP relay that tests talk to over a real socket: login, STARTTLS, and refusing what it is told to refuse.

Belongs here: as much of RFC 5321, 4954 (AUTH PLAIN and LOGIN) and 3207 (STARTTLS) as Python's ``smtplib`` asks for.
"""

from __future__ import annotations

import base64
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


class MailServer(socketserver.ThreadingTCPServer):
    """The relay on a free port of 127.0.0.1; ``received`` are the mails it took, ``said`` the commands it was given."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(
        self,
        login: tuple[str, str] | None = None,
        tls: ssl.SSLContext | None = None,
        refuses: tuple[str, ...] = (),
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.login, self.tls, self.refuses = login, tls, refuses
        self.received: list[EmailMessage] = []
        self.said: list[str] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])


@contextmanager
def mail_server(
    login: tuple[str, str] | None = None, tls: ssl.SSLContext | None = None, refuses: tuple[str, ...] = ()
) -> Iterator[MailServer]:
    with MailServer(login, tls, refuses) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def certificate(folder: Path, name: str = "localhost") -> tuple[Path, ssl.SSLContext]:
    """Make a certificate for ``name`` and return its file, to be trusted, and the relay's side of it."""
    key = ec.generate_private_key(ec.SECP256R1())
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(called, called, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    trusted, both = folder / "trusted.pem", folder / "relay.pem"
    trusted.write_bytes(made.public_bytes(Encoding.PEM))
    both.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + made.public_bytes(Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return trusted, context


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.relay = cast("MailServer", self.server)
        self.is_secure, self.is_known = False, self.relay.login is None
        self._answer("220 relay ESMTP")
        while line := self.rfile.readline():
            verb, _, rest = line.decode().strip().partition(" ")
            self.relay.said.append(verb.upper())
            if verb.upper() == "QUIT":
                self._answer("221 bye")
                return
            getattr(self, f"_{verb.lower()}", self._unknown)(rest)

    def _answer(self, *lines: str) -> None:
        for line in lines:
            self.wfile.write(f"{line}\r\n".encode())
        self.wfile.flush()

    def _unknown(self, rest: str) -> None:
        self._answer("502 what?")

    def _ehlo(self, rest: str) -> None:
        offered = ["relay"]
        if self.relay.tls and not self.is_secure:
            offered.append("STARTTLS")
        if self.relay.login and (self.is_secure or not self.relay.tls):
            offered.append("AUTH PLAIN LOGIN")
        self._answer(*(f"250-{each}" for each in offered[:-1]), f"250 {offered[-1]}")

    def _starttls(self, rest: str) -> None:
        assert self.relay.tls
        self._answer("220 go on")
        try:
            secure = self.relay.tls.wrap_socket(self.connection, server_side=True)
        except (ssl.SSLError, OSError):
            # The other side does not trust us and has gone.
            return
        self.connection, self.rfile, self.wfile = secure, secure.makefile("rb"), secure.makefile("wb")
        self.is_secure = True

    def _auth(self, rest: str) -> None:
        assert self.relay.login
        expected = base64.b64encode("\0".join(("", *self.relay.login)).encode()).decode()
        self.is_known = rest == f"PLAIN {expected}"
        self._answer("235 welcome" if self.is_known else "535 no")

    def _mail(self, rest: str) -> None:
        self._answer("250 ok" if self.is_known else "530 who?")

    def _rcpt(self, rest: str) -> None:
        self._answer("550 nobody here" if any(each in rest for each in self.relay.refuses) else "250 ok")

    def _rset(self, rest: str) -> None:
        self._answer("250 ok")

    def _data(self, rest: str) -> None:
        self._answer("354 go on")
        data = b""
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            data += line.removeprefix(b".") if line.startswith(b"..") else line
        self.relay.received.append(cast("EmailMessage", message_from_bytes(data, policy=policy.default)))
        self._answer("250 taken")
