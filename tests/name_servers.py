"""A tiny name server on loopback over UDP, for tests: TXT records by name, or silence, or a failure."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset


@dataclass
class NameServer:
    """``texts``: name → its records, each as one or several strings; ``failing``: it says SERVFAIL."""

    address: str = ""
    texts: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    failing: bool = False
    asked: list[str] = field(default_factory=list)

    def answer(self, wire: bytes) -> bytes:
        """The answer to a question."""
        question = dns.message.from_wire(wire)
        reply = dns.message.make_response(question)
        name = question.question[0].name
        self.asked.append(name.to_text(omit_final_dot=True))
        if self.failing:
            reply.set_rcode(dns.rcode.SERVFAIL)
        elif self.asked[-1] not in self.texts:
            reply.set_rcode(dns.rcode.NXDOMAIN)
        else:
            records = [" ".join(f'"{part}"' for part in parts) for parts in self.texts[self.asked[-1]]]
            if records:
                reply.answer.append(
                    dns.rrset.from_text(name, 60, dns.rdataclass.IN, dns.rdatatype.TXT, *records)
                )
        return reply.to_wire()


@contextmanager
def name_server() -> Iterator[NameServer]:
    """One that runs."""
    made = NameServer()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            wire, socket = self.request
            socket.sendto(made.answer(wire), self.client_address)

    with socketserver.UDPServer(("127.0.0.1", 0), Handler) as server:
        made.address = f"127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield made
        server.shutdown()
        thread.join()
