"""A real name server on loopback, over UDP and TCP, with the zones that a test gives it."""

import socket
import socketserver
import struct
from collections.abc import Iterator, Mapping, Sequence

from dns.flags import AA, TC
from dns.message import Message, from_wire, make_response
from dns.name import Name, from_text
from dns.rcode import NOERROR, NXDOMAIN, SERVFAIL
from dns.rdataclass import IN
from dns.rdatatype import CNAME
from dns.rdatatype import from_text as type_from_text
from dns.resolver import Resolver
from dns.rrset import from_text_list

from tests.support.lasting import Lasting, serving

Zone = Mapping[str, Sequence[str]]
"""By name, lines such as `TXT v=spf1 mx ~all`, `MX 10 mx.x.org`, `A 192.0.2.1`, `CNAME y.org`; `SERVFAIL` and
`SILENT` are what happens to whoever asks for the name."""

MOST_BYTES = 512
"""Of an answer over UDP; of a longer one the asker has to come again over TCP."""


class DnsServer(Lasting):
    """`zone` may be changed at any moment. `asked` has every question so far, as `NAME TYPE PROTOCOL`."""

    def __init__(self, zone: Zone | None = None) -> None:
        self.zone: Zone = zone or {}
        self.asked: list[str] = []

    def resolver(self) -> Resolver:
        """One that asks this server and no other."""
        resolver = Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], self.port
        return resolver

    def _at_work(self) -> Iterator[None]:
        tcp, udp = self._open()
        self.port = int(tcp.server_address[1])
        with serving(tcp), serving(udp):
            yield

    def _open(self) -> "tuple[_Tcp, _Udp]":
        """Both at one port: one that is free for the first may be taken for the second."""
        for _ in range(100):
            tcp = _Tcp(("127.0.0.1", 0), self._handler("tcp"))
            try:
                return tcp, _Udp(tcp.server_address[:2], self._handler("udp"))
            except OSError:
                tcp.server_close()
        raise AssertionError("no port is free for both")

    def _handler(self, protocol: str) -> type[socketserver.BaseRequestHandler]:
        answer = self._answer

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                if protocol == "udp":
                    wire, sender = self.request
                    if (reply := answer(wire, protocol)) is not None:
                        sender.sendto(reply, self.client_address)
                    return
                data = _exactly(self.request, struct.unpack("!H", _exactly(self.request, 2))[0])
                if (reply := answer(data, protocol)) is not None:
                    self.request.sendall(struct.pack("!H", len(reply)) + reply)

        return Handler

    def _answer(self, wire: bytes, protocol: str) -> bytes | None:
        query = from_wire(wire)
        question = query.question[0]
        kind = question.rdtype.name
        self.asked.append(f"{question.name.to_text(omit_final_dot=True)} {kind} {protocol}")
        reply = make_response(query)
        reply.flags |= AA
        if not self._fill(reply, question.name, kind):
            return None
        data = reply.to_wire()
        if protocol == "udp" and len(data) > MOST_BYTES:
            short = make_response(query)
            short.flags |= TC
            data = short.to_wire()
        return data

    def _fill(self, reply: Message, name: Name, kind: str) -> bool:
        """Whether anything is to be answered at all."""
        zone = {from_text(each): lines for each, lines in self.zone.items()}
        for _ in range(8):
            lines = zone.get(name) or _wildcard(zone, name)
            if lines is None:
                # A name above others that exist is there, too, though it has no records.
                above = any(each.is_subdomain(name) for each in zone)
                reply.set_rcode(NOERROR if above else NXDOMAIN)
                return True
            if "SILENT" in lines:
                return False
            if "SERVFAIL" in lines:
                reply.set_rcode(SERVFAIL)
                return True
            if alias := next((line[6:] for line in lines if line.startswith("CNAME ")), ""):
                reply.answer.append(from_text_list(name, 60, IN, CNAME, [_absolute(alias)]))
                name = from_text(alias)
                continue
            values = [line.partition(" ")[2] for line in lines if line.partition(" ")[0] == kind]
            if values:
                texts = [_as_written(kind, value) for value in values]
                reply.answer.append(from_text_list(name, 60, IN, type_from_text(kind), texts))
            return True
        return True


def _wildcard(zone: dict[Name, Sequence[str]], name: Name) -> Sequence[str] | None:
    """What stands for all names below one, for a name that is not there itself (RFC 4592)."""
    if any(each.is_subdomain(name) for each in zone):
        return None
    for depth in range(1, len(name)):
        above = Name(name[depth:])
        if found := zone.get(Name((b"*", *above.labels))):
            return found
        if any(each.is_subdomain(above) for each in zone):
            return None
    return None


class _Udp(socketserver.ThreadingUDPServer):
    daemon_threads = True


class _Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


def _exactly(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size and (more := connection.recv(size - len(data))):
        data += more
    return data


def _as_written(kind: str, value: str) -> str:
    """As a zone file has it: texts in pieces of 255 bytes, names with their last dot."""
    if kind == "TXT":
        data = value.encode()
        pieces = [data[at : at + 255] for at in range(0, max(len(data), 1), 255)]
        return " ".join('"' + "".join(_escaped(byte) for byte in piece) + '"' for piece in pieces)
    if kind == "MX":
        preference, _, host = value.partition(" ")
        return f"{preference} {_absolute(host)}"
    return value


def _escaped(byte: int) -> str:
    return chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\{byte:03d}"


def _absolute(host: str) -> str:
    return host if host.endswith(".") else f"{host}."
