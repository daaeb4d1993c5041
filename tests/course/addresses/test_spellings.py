"""One mailbox however it is spelt, and two people where nobody says that they are one."""

import pytest

from course.addresses.spellings import SPELLINGS, counted_as, domain_of, mailbox_of

SAME = [
    ("ada.lovelace@gmail.com", "adalovelace@gmail.com"),
    ("a.d.a.l.o.v.e.l.a.c.e@gmail.com", "adalovelace@gmail.com"),
    ("ada+bread@gmail.com", "ada@gmail.com"),
    ("a.d.a+b.c+d@googlemail.com", "ada@gmail.com"),
    ("ada@googlemail.com", "ada@gmail.com"),
    ("ada+bread@outlook.com", "ada@outlook.com"),
    ("ada+bread@hotmail.co.uk", "ada@hotmail.co.uk"),
    ("ada+bread@live.fr", "ada@live.fr"),
    ("ada+x@icloud.com", "ada@icloud.com"),
    ("ada@me.com", "ada@icloud.com"),
    ("ada+y@mac.com", "ada@icloud.com"),
    ("a-d_a.+x@protonmail.com", "ada@proton.me"),
    ("ada@pm.me", "ada@proton.me"),
    ("ada+x@fastmail.com", "ada@fastmail.com"),
    ("bread@ada.fastmail.com", "ada@fastmail.com"),
    ("bread+day@ada.sent.com", "ada@sent.com"),
    ("ada-bread@yahoo.com", "ada@yahoo.com"),
    ("ada-bread-day@yahoo.de", "ada@yahoo.de"),
    ("ada+bread@yahoo.co.uk", "ada@yahoo.co.uk"),
    ("ada+bread@posteo.de", "ada@posteo.de"),
    ("ada+bread@mailbox.org", "ada@mailbox.org"),
]

APART = [
    ("ada.lovelace@outlook.com", "adalovelace@outlook.com"),
    ("ada-bread@gmail.com", "ada@gmail.com"),
    ("ada-bread@outlook.com", "ada@outlook.com"),
    ("ada@outlook.com", "ada@hotmail.com"),
    ("ada@yahoo.com", "ada@yahoo.de"),
    ("ada@fastmail.com", "ada@sent.com"),
    ("ada+bread@example.org", "ada@example.org"),
    ("a.da@example.org", "ada@example.org"),
    ("ada@gmail.com.example.org", "ada@gmail.com"),
    ("ada@mail.gmail.com", "ada@gmail.com"),
    ("bread@ada.posteo.de", "ada@posteo.de"),
    ("ada_lovelace@yahoo.com", "adalovelace@yahoo.com"),
]


@pytest.mark.parametrize(("spelt", "plain"), SAME)
def test_a_provider_says_that_these_are_one_mailbox(spelt: str, plain: str) -> None:
    assert mailbox_of(spelt) == plain
    assert mailbox_of(plain) == plain, "said twice it is the same"


@pytest.mark.parametrize(("one", "other"), APART)
def test_nobody_says_that_these_are_one_mailbox(one: str, other: str) -> None:
    assert mailbox_of(one) != mailbox_of(other)


@pytest.mark.parametrize("odd", ["+@gmail.com", ".@gmail.com", "+tag@gmail.com", "-@yahoo.com", "...@proton.me"])
def test_a_name_of_nothing_but_signs_is_still_a_name(odd: str) -> None:
    assert not mailbox_of(odd).startswith("@")
    assert not counted_as(odd).startswith("@")


@pytest.mark.parametrize("email", ["ada+1@example.org", "ada+2@example.org", "ada+2+3@example.org"])
def test_mails_are_counted_as_if_a_plus_began_a_tag_everywhere(email: str) -> None:
    assert counted_as(email) == "ada@example.org"


def test_the_domains_of_one_provider_count_together_where_their_mailboxes_are_the_same() -> None:
    assert domain_of("ada@googlemail.com") == "gmail.com"
    assert domain_of("tag@ada.fastmail.com") == "fastmail.com"
    assert domain_of("ada@hotmail.com") == "hotmail.com"


def test_no_domain_stands_in_the_table_twice() -> None:
    domains = [domain for spelling in SPELLINGS for domain in spelling.domains]
    assert len(domains) == len(set(domains))
