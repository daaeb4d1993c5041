"""What a domain's SPF record comes to, for people."""

from collections.abc import Iterator

from course.checkup import Finding
from mailer.sender_dns.expected import SenderDns
from mailer.sender_dns.records import Records
from mailer.sender_dns.spf import SpfRecord, near_misses, record_of
from mailer.sender_dns.spf_allows import allows, is_address, public
from mailer.sender_dns.spf_terms import SpfError

ABOUT = "SPF"


def of_spf(domain: str, expected: SenderDns, records: Records) -> Iterator[Finding]:
    """One finding for each fault; a good one if there is none. Raises Silent."""
    try:
        record = record_of(domain, records)
    except SpfError as problem:
        yield Finding(ABOUT, "bad", f"The SPF record of {domain} {problem}.", problem.todo)
        return
    if record is None:
        yield _without(domain, expected, records)
        return
    found = [*_of_the_rest(domain, record, records), *_of_us(domain, record, expected, records)]
    found += [
        Finding(ABOUT, "warning", f"In the SPF record of {domain} {said}.", f"{todo}".rstrip(".") + ".")
        for said, todo in record.doubts
    ]
    said = f"{domain} says who may send in its name, in {record.look_ups} of 10 look-ups."
    yield from found or [Finding(ABOUT, "good", said)]


def _without(domain: str, expected: SenderDns, records: Records) -> Finding:
    for text in near_misses(domain, records):
        said = f"{domain} has no SPF record: `{text}` does not begin with `v=spf1` and a blank."
        return Finding(ABOUT, "bad", said, "Write it as `v=spf1 ... ~all`, without quotes or blanks before it.")
    return Finding(
        ABOUT, expected.without_spf.state, f"{domain} {expected.without_spf.said}", expected.without_spf.todo
    )


def _of_the_rest(domain: str, record: SpfRecord, records: Records) -> Iterator[Finding]:
    """What it says of who is not named."""
    if record.open_by:
        said = f"{domain} lets everybody send in its name, by `{record.open_by}`."
        todo = "End the record with `~all`." if record.open_by.endswith("all") else f"Take `{record.open_by}` out."
        yield Finding(ABOUT, "bad", said, todo)
    elif record.ending is None and record.redirect is None:
        said = f"The SPF record of {domain} says nothing of who is not named."
        yield Finding(ABOUT, "warning", said, f"Write `{record.text.strip()} ~all`.")
    elif record.ending is not None and record.ending.qualifier == "?":
        said = f"The SPF record of {domain} ends with `{record.ending.text}`, which is as good as no record."
        yield Finding(ABOUT, "warning", said, f"Write `{record.text.replace(record.ending.text, '~all')}`.")


def _of_us(domain: str, record: SpfRecord, expected: SenderDns, records: Records) -> Iterator[Finding]:
    """Whether it names who hands over our mails."""
    if record.open_by:
        return
    if not record.allows_some and not _is_authenticated(domain, expected, records):
        said = f"The SPF record of {domain} lets nobody send in its name."
        yield Finding(ABOUT, "bad", said, "Name your mail server in it, as in `v=spf1 mx ~all`.")
        return
    named = any(term.domain.lower() == expected.include for term in record.terms)
    if expected.include and not named and not _is_authenticated(domain, expected, records):
        said = f"The SPF record of {domain} does not name {expected.include}."
        todo = f"{expected.without_spf.todo} Otherwise add `include:{expected.include}` to it."
        yield Finding(ABOUT, "warning", said, todo)
    for host in expected.hosts:
        addresses = public([host] if is_address(host) else records.addresses([host]))
        refused = [address for address in addresses if allows(domain, address, records) is False]
        if refused:
            said = f"The SPF record of {domain} does not allow {host} ({', '.join(refused)})."
            networks = " ".join(f"ip{6 if ':' in address else 4}:{address}" for address in refused)
            todo = (
                f"Add `{networks}` or what its operator says, such as an `include:`, before its end; `dayletter"
                " doctor --send` shows whether mails leave from other addresses."
            )
            yield Finding(ABOUT, "warning", said, todo)


def _is_authenticated(domain: str, expected: SenderDns, records: Records) -> bool:
    """Whether its keys are kept by the provider: then the envelope has a name of the provider's own, too."""
    if not expected.include:
        return False
    names = [f"{selector}._domainkey.{domain}" for selector in expected.selectors]
    found = [records.answer(name, "TXT") for name in names]
    return any(answer is not None and answer.alias.endswith(f".{expected.include}") for answer in found)
