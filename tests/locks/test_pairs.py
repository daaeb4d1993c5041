"""Any two deeds at the same moment, on a real PostgreSQL: it never has to break one off for the other's sake."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations_with_replacement
from random import Random
from threading import Barrier

import psycopg
import pytest

from tests.faults.scale import dice, sized
from tests.locks.deeds import DEEDS, Stage, do, stage_of
from tests.locks.scene import EMAILS, scene_at
from tests.support.servers.postgres import Postgres
from tests.support.servers.redis_server import RedisServer

ROUNDS = sized(1, 40)
LOOKS_EVERY = "10ms"
"""How long PostgreSQL lets two wait for each other before it looks whether they do so for ever."""


@pytest.fixture(scope="module")
def stage(
    tmp_path_factory: pytest.TempPathFactory, postgres: Postgres, redis_process: RedisServer
) -> Iterator[Stage]:
    with postgres.fresh_database() as url:
        with psycopg.connect(url, autocommit=True) as connection:
            name = connection.info.dbname
            connection.execute(f"ALTER DATABASE {name} SET deadlock_timeout = '{LOOKS_EVERY}'")
        with scene_at(tmp_path_factory.mktemp("scene"), url, redis_process.url) as scene:
            yield stage_of(scene)


def meet(stage: Stage, pair: Sequence[str], chance: Random) -> None:
    """Two deeds, begun together, as often to one learner as to two; raises what either of them raised."""
    stage.scene.put_back()
    start = Barrier(2)
    one = chance.choice(EMAILS)

    def begin(deed: str, who: str, own: Random) -> None:
        start.wait()
        do(stage, deed, who, own)

    with ThreadPoolExecutor(2) as threads:
        under_way = [
            threads.submit(begin, deed, who, Random(chance.random()))
            for deed, who in zip(pair, (one, chance.choice([one, *EMAILS])), strict=True)
        ]
    for each in under_way:
        each.result()


@pytest.mark.parametrize("deed", DEEDS)
def test_no_two_deeds_wait_for_each_other(stage: Stage, deed: str, postgres: Postgres) -> None:
    pairs = [pair for pair in combinations_with_replacement(DEEDS, 2) if pair[0] == deed]
    chance, crossed = dice(deed), []
    for pair in pairs:
        for _ in range(ROUNDS):
            before = postgres.deadlocks()
            meet(stage, pair, chance)
            if postgres.deadlocks() != before:
                crossed.append(pair)
    assert crossed == []
