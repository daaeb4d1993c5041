from tests.support.world.world import World
from tests.course.enrolment.test_privacy import erase

def test_old_link_never_opens_another(world: World) -> None:
    world.enrol()
    url, leave = world.learn_url(), world.unsubscribe_url()
    erase(world)
    world.enrol("eve@example.org", name="Eve")
    assert world.person.look(url).status == 404
    assert world.person.look(leave).status == 404
