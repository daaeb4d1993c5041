"""What an SMTP server's replies mean for a letter."""

import pytest

from mailer.providers.smtp.reply import Reply, ReplyReader, refusal


@pytest.mark.parametrize(
    ("asked", "code", "words", "permanent", "account"),
    [
        ("RCPT", 550, "no such user", True, False),
        ("RCPT", 551, "user not local", True, False),
        ("RCPT", 553, "mailbox name not allowed", True, False),
        ("RCPT", 552, "full", False, False),
        ("RCPT", 554, "no", False, False),
        ("RCPT", 450, "later", False, False),
        ("RCPT", 550, "5.1.1 no such user", True, False),
        ("RCPT", 550, "5.2.1 disabled", True, False),
        ("RCPT", 552, "5.2.2 full", False, False),
        ("RCPT", 550, "5.7.1 your host is listed", False, False),
        ("RCPT", 550, "5.1.8 bad sender", False, False),
        ("RCPT", 450, "4.1.1 perhaps", False, False),
        ("MAIL", 550, "no", False, False),
        ("MAIL", 530, "5.7.0 authentication required", False, True),
        ("final dot", 550, "no", False, False),
        ("final dot", 550, "5.1.1 no such user", True, False),
        ("final dot", 554, "5.7.1 spam", False, False),
    ],
)
def test_what_a_refusal_means(asked: str, code: int, words: str, permanent: bool, account: bool) -> None:
    answer = refusal("a", asked, Reply(code, (words,)))
    assert (answer.outcome, answer.permanent, answer.account) == ("refused", permanent, account)
    assert answer.lasting == (code >= 500 and not permanent)


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_replies_are_whole_however_they_come(size: int) -> None:
    reader, replies = ReplyReader(), []
    stream = b"250-one\r\n250-two\r\n250 three\r\n354\r\n550 5.1.1 n\xc3\xb6\r\n"
    for at in range(0, len(stream), size):
        reader.feed(stream[at : at + size])
        while reply := reader.next():
            replies.append(reply)
    assert replies == [Reply(250, ("one", "two", "three")), Reply(354, ("",)), Reply(550, ("5.1.1 nö",))]
    assert reader.empty
