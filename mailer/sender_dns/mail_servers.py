"""Whether a domain takes mail (RFC 5321, 5.1; RFC 7505): bounces and answers have to arrive, and many servers
refuse mail from who could not be answered."""

from collections.abc import Iterator

from course.checkup import Finding
from mailer.sender_dns.records import Records

ABOUT = "MX"


def of_mail_servers(domain: str, what_for: str, records: Records) -> Iterator[Finding]:
    """`what_for`: what comes to the domain, such as "bounces". Raises Silent."""
    servers = records.values(domain, "MX")
    records.lacking.update(records.unasked(domain, "A"), records.unasked(domain, "AAAA"))
    add = "Add an MX record that names its mail server, such as `10 mail.example.org.`."
    names = [server.partition(" ")[2].rstrip(".") for server in servers]
    if "" in names:
        said = f"{domain} says that it takes no mail (`0 .`), and {what_for} come there."
        yield Finding(ABOUT, "bad", said, f"{add} Or use an address of another domain.")
    elif names:
        yield from _of_names(domain, names, what_for, records)
    elif records.addresses([domain]):
        said = f"{domain} has no MX record; {what_for} go to its own address."
        yield Finding(ABOUT, "warning", said, add)
    else:
        yield Finding(
            ABOUT, "bad", f"{domain} takes no mail: it has no MX record. {what_for.capitalize()} are lost.", add
        )


def _of_names(domain: str, names: list[str], what_for: str, records: Records) -> Iterator[Finding]:
    records.addresses(names)
    lost = [name for name in names if not records.addresses([name])]
    state, which = ("bad", "no mail server") if len(lost) == len(names) else ("warning", "not every mail server")
    if lost:
        said = f"{domain} names {', '.join(lost)} as mail server, which has no address."
        todo = f"Correct the MX record: a name with an A or AAAA record belongs there; {which} can be reached."
        yield Finding(ABOUT, "bad" if state == "bad" else "warning", said, todo)
    else:
        yield Finding(ABOUT, "good", f"{domain} takes mail: {what_for} come to {names[0]}.")
