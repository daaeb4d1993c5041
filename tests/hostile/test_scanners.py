"""Mail scanners open every link of every mail, in every way but a button's: nothing comes of it but events."""

from urllib.parse import urlsplit

from tests.hostile.ground.people import BERTA, DEEDS, House, addresses_on, differing, links_in
from tests.hostile.scale import dice, note, sized
from tests.support.world.world import BASE_URL

EVENTS = ("event", "visit")
"""What was opened and looked at, by people or by machines: it decides nothing."""

AGENTS = (
    "",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36",
    "Mozilla/5.0 (compatible; Google-Safety; +http://www.google.com/bot.html)", "BarracudaCentral/1.0",
    "curl/8.9",
    "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; ms-office)", "GoogleImageProxy", "python-requests/2.32",
)  # fmt: skip
METHODS = ("GET", "HEAD", "OPTIONS")


def test_a_storm_over_every_link_of_every_mail_changes_no_row_but_events(house_on_each: House) -> None:
    world, chance = house_on_each.world, dice("scanners")
    mails, client = world.mails(), world.app.test_client()
    kinds = {mail.kind for mail in mails}
    assert kinds >= {"confirm", "welcome", "lesson", "finished", "link", "move-from", "move-to", *DEEDS}
    ours = sorted({link for mail in mails for link in links_in(mail) if link.startswith(BASE_URL)})
    # The first badge of a house has it keep its own public key; that is no row of anybody's.
    client.get(f"/certificates/{house_on_each.values[BERTA]['serial']}.json").close()
    before, tries, failed, beyond = world.rows(), 0, [], set()
    for link in ours * sized(1, 5):
        parts = urlsplit(link)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        for method in METHODS:
            answer = client.open(path, method=method, headers={"User-Agent": chance.choice(AGENTS)})
            tries += 1
            failed += [f"{method} {path}: {answer.status_code}"] if answer.status_code >= 500 else []
            if method == "GET" and answer.mimetype == "text/html":
                beyond |= {found for found in addresses_on(answer.get_data(as_text=True)) if found not in ours}
            answer.close()
    # Some go on from the pages that they come to, and try the forms' addresses without their buttons.
    for link in sorted(found for found in beyond if found.startswith(BASE_URL)):
        for method in METHODS:
            client.open(urlsplit(link).path, method=method, headers={"User-Agent": chance.choice(AGENTS)}).close()
            tries += 1
    world.step()
    changed = differing(before, world.rows(), *EVENTS)
    note(f"scanners, {world.runtime.db.engine.dialect.name}", tries=tries, links=len(ours), findings=len(changed))
    assert failed == []
    assert changed == {}
