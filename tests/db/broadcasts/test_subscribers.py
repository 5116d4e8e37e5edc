"""Who asked to be told is counted by hamlet and by what they want to hear, each person once."""

from __future__ import annotations

from db import persons
from db.broadcasts import subscribers, subscriptions
from db.broadcasts.models import Interest
from db.engine import Database
from db.outreach import hamlets
from db.outreach.audit import OPERATOR
from tests.support import outreach
from tests.support.broadcasts import subscriber
from tests.support.clock import NOON
from tests.support.rows import COMMUNE


async def test_a_person_with_two_chats_counts_once_where_the_hamlet_is_now(database: Database) -> None:
    async with database.transaction() as session:
        old, new = await outreach.hamlet(session, "3"), await outreach.hamlet(session, "4")
        first = await subscriber(session, "an", hamlet_id=old.id)
        await persons.link(session, first, await subscriber(session, "an-web", channel="web", hamlet_id=old.id))
        await subscriber(session, "ba", hamlet_id=new.id)
        await subscriber(session, "co", interest=Interest.CLASS_NOTICES)
        ended = await subscriber(session, "di", hamlet_id=new.id)
        await subscriptions.end(session, ended.id, None, NOON)
        await hamlets.merge(session, old, new, OPERATOR, NOON)
        assert await subscribers.by_hamlet(session, COMMUNE) == {
            (new.id, Interest.SCAM_ALERTS): 2,
            (None, Interest.CLASS_NOTICES): 1,
        }
        assert await subscribers.count(session, COMMUNE) == 3
        assert await subscribers.count(session, "no-commune") == 0
