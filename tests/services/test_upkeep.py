"""The planner is told how large things have become within a transaction."""

from sqlalchemy import Engine, event

from api.services.database import writing
from api.services.records import CITIES, WORKSHOPS
from api.services.upkeep import FIRST, TIMES, Growth


def test_the_planner_is_told_of_a_kind_whenever_there_is_many_times_as_much(engine: Engine):
    said: list[str] = []
    with writing(engine) as connection:
        event.listen(connection, "before_cursor_execute", lambda *told: said.append(told[2]))
        growth, told = Growth(connection), []
        for _ in range(2 * TIMES):
            growth.add(CITIES, FIRST // 2)
            growth.add(WORKSHOPS, 1)
            told.append(sum(each.startswith("ANALYZE city, city_projects") for each in said))
    assert not any("workshop" in each for each in said)
    wanted = [0] + [1] * (2 * TIMES - 2) + [2]
    assert told == (wanted if engine.dialect.name == "postgresql" else [0] * len(wanted))
