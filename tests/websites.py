"""A web site on loopback with TLS, for tests of what the house asks outside. The fixture is in conftest.py."""

from __future__ import annotations

import ipaddress
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from cast import MOMENT
from majlis.core.http import Client


@dataclass
class Site:
    """A web site on loopback: path -> (status, headers, body); and the way to it."""

    port: int
    tls: ssl.SSLContext
    pages: dict[str, tuple[int, dict[str, str], str]] = field(default_factory=dict)

    def url(self, path: str) -> str:
        return f"https://127.0.0.1:{self.port}{path}"

    def client(self) -> Client:
        return Client(
            user_agent="test", ports=(self.port,), allowed=[ipaddress.ip_network("127.0.0.0/8")], tls=self.tls
        )


@contextmanager
def website(folder: Path) -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = made.pages.get(self.path, (404, {}, ""))
            self.send_response(status)
            for name, value in ({"Content-Type": "text/html"} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *arguments: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    trusting = certify(server, folder / "site.pem")
    made = Site(server.server_port, trusting)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def certify(server: HTTPServer, path: Path) -> ssl.SSLContext:
    """Give the server a certificate of its own; the context that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "site")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(MOMENT - timedelta(days=9_000))
        .not_valid_after(MOMENT + timedelta(days=9_000))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost")]
            ),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    public = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(public + private)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(path)
    server.socket = serving.wrap_socket(server.socket, server_side=True)
    return ssl.create_default_context(cadata=public.decode())
