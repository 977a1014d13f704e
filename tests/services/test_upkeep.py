"""The planner is told how large things have become within a transaction."""

from sqlalchemy import Engine, event

from api.services.database import writing
from api.services.upkeep import FIRST, TIMES, Growth


def test_the_planner_is_told_again_whenever_there_is_several_times_as_much(engine: Engine):
    said: list[str] = []
    with writing(engine) as connection:
        event.listen(connection, "before_cursor_execute", lambda *told: said.append(told[2]))
        growth = Growth(connection)
        told = []
        for _ in range(TIMES * FIRST // 500):
            growth.add(500)
            told.append(said.count("ANALYZE"))
    first = FIRST // 500
    wanted = [0] * (first - 1) + [1] * (first * (TIMES - 1)) + [2]
    assert told == (wanted if engine.dialect.name == "postgresql" else [0] * len(wanted))
