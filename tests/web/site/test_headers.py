"""Every answer of the site, also errors and redirects, carries the headers that protect the reader."""

import gzip

from sqlalchemy import text

from tests.support.world.world import World

PLACES = (
    ("GET", "/", 200), ("GET", "/courses/bread-at-home", 200), ("GET", "/courses/none", 404),
    ("GET", "/courses/bread-at-home/check-your-inbox", 200), ("GET", "/courses/bread-at-home/enrol", 405),
    ("POST", "/courses/bread-at-home/enrol", 422), ("GET", "LEARN", 200), ("GET", "LEARN/dough-1", 200),
    ("GET", "LEARN/dough-2", 200), ("GET", "LEARN/articles/flour", 200), ("POST", "LEARN/resume", 303),
    ("POST", "LEARN/export", 303), ("GET", "/learn/wrong", 404), ("GET", "/confirm/wrong", 404),
    ("GET", "LEAVE", 200), ("POST", "LEAVE", 200), ("GET", "/o/wrong.gif", 200), ("GET", "/c/wrong/wrong", 404),
    ("GET", "/inbox", 200), ("GET", "/certificates/none", 404), ("GET", "/media/none/none", 404),
    ("GET", "/healthz", 200), ("GET", "/readyz", 200), ("GET", "/read/wrong", 404),
    ("POST", "/hooks/sendgrid", 404), ("GET", "/styles/site.css", 200), ("GET", "/styles/none.css", 404),
    ("GET", "/static/page.js", 200), ("GET", "/static/none", 404),
    ("OPTIONS", "/", 200), ("GET", "/courses//bread-at-home", 404), ("HEAD", "/", 200),
)  # fmt: skip


def test_every_answer_carries_the_protecting_headers(world: World) -> None:
    world.enrol()
    learn, leave, client = world.learn_url(), world.unsubscribe_url(), world.app.test_client()
    for method, place, status in PLACES:
        answer = client.open(place.replace("LEARN", learn).replace("LEAVE", leave), method=method)
        assert answer.status_code == status, place
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"], place
        assert answer.headers["X-Content-Type-Options"] == "nosniff", place
        assert answer.headers["Referrer-Policy"] == "no-referrer", place
        assert answer.headers["Cache-Control"], place
        answer.close()


def test_an_answer_that_broke_carries_them_too(world: World) -> None:
    world.enrol()
    url = world.learn_url()
    with world.runtime.db.write() as session:
        session.execute(text("DROP TABLE tick"))
    answer = world.app.test_client().get(url)
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_pages_of_learners_are_kept_by_no_cache_and_files_are(world: World) -> None:
    world.enrol()
    client = world.app.test_client()
    for url in (world.learn_url(), f"{world.learn_url()}/dough-1", world.unsubscribe_url()):
        assert client.get(url).headers["Cache-Control"] == "no-store"
    for path in ("/static/page.js", "/styles/site.css"):
        with client.get(path) as answer:
            assert "max-age=31536000" in answer.headers["Cache-Control"]


def test_what_a_form_was_answered_with_stays_for_the_back_button_of_its_sender_alone(world: World) -> None:
    world.enrol()
    answer = world.app.test_client().post(world.unsubscribe_url())
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_media_are_served_as_what_was_published_however_the_address_is_spelled(world: World) -> None:
    digest = world.rows()["media"][0]["digest"]
    answer = world.app.test_client().get(f"/media/{digest}/page.html")
    assert answer.status_code == 200
    assert answer.mimetype != "text/html"
    answer.close()


def test_links_come_from_the_base_url_and_never_from_a_host_header(world: World) -> None:
    client = world.app.test_client()
    form = {"email": "ada@example.org"}
    answer = client.post("/courses/bread-at-home/enrol", data=form, headers={"Host": "evil.example"})
    assert "evil.example" not in answer.headers["Location"]
    world.step()
    mail = world.mails("confirm")[0]
    assert "evil.example" not in mail.text + mail.html


def test_texts_leave_compressed_where_that_is_taken_and_the_studio_stays_as_it_is(world: World) -> None:
    client, takes = world.app.test_client(), {"Accept-Encoding": "gzip"}
    for path in ("/courses/bread-at-home", "/styles/site.css", "/static/page.js"):
        with client.get(path) as plain, client.get(path, headers=takes) as answer:
            assert gzip.decompress(answer.data) == plain.data
            assert answer.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
            assert len(answer.data) < len(plain.data)
        known = {"If-None-Match": answer.headers.get("ETag", "")}
        with client.get(path, headers=takes | known) as again:
            assert again.status_code == (304 if "ETag" in answer.headers else 200)
    assert "Content-Encoding" not in client.get("/studio/sign-in", headers=takes).headers
