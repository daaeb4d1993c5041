"""Every token of every mail and page, altered in every way: none opens anything that it did not open before."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from random import Random

from tests.hostile.ground.people import ADA, BERTA, House, differing
from tests.hostile.ground.routes import Route, routes
from tests.hostile.scale import dice, note, sized
from tests.support.author.studio import ask, fresh_person, newest_link
from tests.support.world.person import FIREFOX
from tests.support.world.world import World

REFUSED = {400, 403, 404}
ONCE_SHARED = ("former mark", "tracking.opened")
"""The pixel of a mail from before is counted as ever: it opens nothing."""


def altered(token: str, chance: Random, most: int) -> Iterator[str]:
    """Bits turned, ends cut, parts moved; and other spellings of the same bytes."""
    data = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    bits = list(range(len(data) * 8))
    for bit in chance.sample(bits, min(most, len(bits))):
        turned = bytearray(data)
        turned[bit // 8] ^= 1 << bit % 8
        yield urlsafe_b64encode(bytes(turned)).rstrip(b"=").decode()
    for length in chance.sample(range(1, len(token)), min(most, len(token) - 1)):
        yield token[:length]
        yield token[length:] + token[:length]
    yield from (token + end for end in ("=", "==", "A", "AA", token, ".", "%00", "%20", "\u200b", "%0a"))
    yield from (begin + token for begin in ("A", "%20", ".", token[:4]))
    for other in (token.swapcase(), token.upper(), token.replace("-", "+"), token.replace("_", "%2F")):
        if other != token:
            yield other
    # The last letter holds bits that no byte needs: another letter would be the same bytes.
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    yield from (token[:-1] + letter for letter in chance.sample(alphabet, min(most, 64)) if letter != token[-1])


def tokens_of(house: House) -> list[tuple[str, str]]:
    """What each opens, and the token: two of a kind are enough."""
    return [
        (str(opener), token)
        for opener, tokens in sorted(house.keys[BERTA].items())
        for token in (tokens[0], *tokens[1:][-1:])
    ]


def knock(world: World, route: Route, path: str) -> int:
    fields = dict(route.way.fields) if route.way and route.way.fields else {}
    answer = world.app.test_client().open(path, method=route.method, data=fields, headers=FIREFOX)
    if route.endpoint == "tracking.opened":
        # The picture is always given: the rows tell whether anything was recorded.
        return 404 if answer.status_code == 200 else answer.status_code
    return answer.status_code


def with_token(house: House) -> list[Route]:
    """Routes that a token opens, but those that a sent body alone decides."""
    return [route for route in routes(house.world.app) if route.way and "token" in route.rule.arguments]


def test_an_altered_token_opens_nothing(house_on_each: House) -> None:
    house, chance = house_on_each, dice("altered tokens")
    most, before = sized(4, 400), house_on_each.world.rows()
    opened: list[str] = []
    tries = 0
    for opener, token in tokens_of(house):
        for route in with_token(house):
            if route.way is None or route.way.opener != opener:
                continue
            path = house.path(route, BERTA, token)
            for false in altered(token, chance, most):
                if route.method == "POST" and chance.random() > sized(20, 100) / 100:
                    continue
                tries += 1
                if (status := knock(house.world, route, path.replace(token, false))) not in REFUSED:
                    opened.append(f"{status} {route.method} {route.endpoint} {token} as {false}")
    note(f"altered tokens, {house.world.runtime.db.engine.dialect.name}", tries=tries, findings=len(opened))
    assert opened == []
    assert differing(before, house.world.rows()) == {}


def test_a_token_for_one_thing_opens_no_other(house: House) -> None:
    kinds = {route.way.opener for route in with_token(house) if route.way}
    assert {opener for opener, _ in tokens_of(house)} == kinds, "there is a token of each kind to try"
    before, opened, tries = house.world.rows(), [], 0
    for opener, token in tokens_of(house):
        for route in with_token(house):
            if route.way is None or route.way.opener == opener or (opener, route.endpoint) == ONCE_SHARED:
                continue
            tries += 1
            if (status := knock(house.world, route, house.path(route, BERTA, token))) not in REFUSED:
                opened.append(f"{status} {route.method} {route.endpoint} by a token for {opener}")
    note("tokens for another purpose", tries=tries, findings=len(opened))
    assert opened == []
    assert differing(before, house.world.rows()) == {}


def test_a_token_of_another_secret_opens_nothing(house: House) -> None:
    """As after a key was taken out of SECRET_KEY, or as somebody makes who knows all but the key."""
    stranger = type(house.world.runtime.signer)(("another-secret-of-32-characters!",))
    false = {
        "learn": stranger.learn(1, 0),
        "unsubscribe": stranger.unsubscribe(1),
        "calendar": stranger.calendar(1, 0),
    }
    before, opened = house.world.rows(), []
    for route in with_token(house):
        if route.way and (token := false.get(route.way.opener)):
            status = knock(house.world, route, house.path(route, BERTA, token))
            opened += [route.endpoint] if status not in REFUSED else []
    assert opened == []
    assert differing(before, house.world.rows()) == {}
    mine, theirs = (
        {token for kind, tokens in house.keys[email].items() if kind != "read" for token in tokens}
        for email in (ADA, BERTA)
    )
    assert mine & theirs == set(), "no token is two people's"


def test_learners_tokens_open_nothing_in_the_studio_nor_altered_links_into_it(house: House) -> None:
    ask(house.world, fresh_person(house.world), "olga@example.org")
    link = newest_link(house.world)
    token = link.rpartition("/")[2]
    chance, before = dice("altered links into the studio"), house.world.rows()
    tried = [*altered(token, chance, sized(20, 400)), *(token for _, token in tokens_of(house))]
    client = house.world.app.test_client()
    entered = [false for false in tried if client.get(f"/studio/sign-in/{false}").status_code != 404]
    for _, false in tokens_of(house):
        client.set_cookie("dayletter_studio", false, path="/studio")
        entered += [false] if client.get("/studio").status_code != 303 else []
    note("altered links into the studio", tries=len(tried), findings=len(entered))
    assert entered == []
    assert differing(before, house.world.rows()) == {}
