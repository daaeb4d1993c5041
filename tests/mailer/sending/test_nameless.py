"""Learners with a name and without one in the same batch: each mail and page is whole."""

from tests.support.world.world import World

SOURCE = "Dear {{ name }}, see [the mill](https://mill.example.com/flour?a=1&b=2)."
HELLO = "{{ name }}, see this. Dear {{ name|baker }}, well done, {{ name }}! `{{ name }}` is code."


def test_each_of_a_batch_is_spoken_to_as_they_are(world: World) -> None:
    for file in world.lessons_dir.glob("*/*-dough-*.md"):
        file.write_text(file.read_text().replace(SOURCE, HELLO))
    world.publish()
    world.admit("nobody@example.org", "noone@example.org")
    world.register()
    world.person.submit(world.person.look(world.mails("confirm")[0].link("/confirm/")))
    world.step()
    mails = {mail.message["To"]: mail for mail in world.mails("lesson")}
    assert len(mails) == 3
    for email, subject, text in (
        ("ada@example.org", "Flour, water, Ada", "Ada, see this. Dear Ada, well done, Ada! {{ name }} is code."),
        ("nobody@example.org", "Flour, water", "See this. Dear baker, well done! {{ name }} is code."),
    ):
        assert mails[email].message["Subject"] == subject
        assert text in " ".join(mails[email].text.split())
        page = world.person.look(f"{world.learn_url(email)}/dough-1")
        assert text.replace("{{ name }}", "<code>{{ name }}</code>") in page.text


def test_where_nobody_is_named_all_share_one_template(world: World) -> None:
    for file in world.lessons_dir.glob("*/*-dough-*.md"):
        file.write_text(file.read_text().replace("{{ name }}", "you"))
    world.publish()
    world.admit("nobody@example.org")
    world.enrol()
    assert {key.named for key in world.runtime.templates._kept if key.kind == "lesson"} == {True}
