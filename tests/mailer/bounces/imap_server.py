"""A real IMAP server on loopback, pymap, with one user and one mailbox in memory."""

import sys
from collections.abc import Iterator
from imaplib import IMAP4
from pathlib import Path

from tests.support.lasting import Lasting
from tests.support.servers.guarded import GuardedProcess
from tests.support.servers.ports import free_port

USER, PASSWORD = "bounces@example.org", "a/secret?"


class ImapServer(Lasting):
    """What it holds is lost when it stops; its address stays."""

    def __init__(self, folder: Path) -> None:
        self._log, self.port = folder / "imap.log", free_port()
        self._process: GuardedProcess | None = None

    def _at_work(self) -> Iterator[None]:
        try:
            self.start()
            yield
        finally:
            self.stop()

    def start(self) -> None:
        command = [str(Path(sys.executable).with_name("pymap")), "--host", "127.0.0.1", "--port", str(self.port)]
        command += ["--no-tls", "dict", "--demo-user", USER, "--demo-password", PASSWORD]
        self._process = GuardedProcess(command, self._log, stop_with="TERM")
        self._process.wait_until(self._answers)

    def stop(self) -> None:
        if self._process is not None:
            self._process.stop()
            self._process = None

    @property
    def url(self) -> str:
        return f"imap://bounces%40example.org:a%2Fsecret%3F@127.0.0.1:{self.port}/INBOX"

    def put(self, *mails: bytes) -> None:
        client = self._client()
        for mail in mails:
            # As a mail server does: without an empty line there is no body, and no mail.
            client.append("INBOX", "", "", mail.replace(b"\n", b"\r\n") or b"\r\n")
        client.logout()

    def deliver(self, mail: bytes) -> None:
        """To the last byte as it is."""
        client = self._client()
        client.append("INBOX", "", "", mail)
        client.logout()

    def unread(self) -> int:
        client = self._client()
        client.select("INBOX")
        found = client.uid("SEARCH", "UNSEEN")[1][0]
        client.logout()
        return len(found.split())

    def _client(self) -> IMAP4:
        client = IMAP4("127.0.0.1", self.port, timeout=10)
        client.login(USER, PASSWORD)
        return client

    def _answers(self) -> bool:
        try:
            self._client().logout()
        except OSError:
            return False
        return True
