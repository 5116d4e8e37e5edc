"""Bad coverage: whatever order messages, edits and undos arrive in, and however often, the tables end the same."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update

from bot.messages import Incoming
from db.engine import Database
from db.models import Conversation, InboxMessage, OutboxMessage
from db.outreach import sessions
from db.outreach.models import Household, SessionOutcome, SupportSession
from db.outreach.names import key
from tests.support.chats import Chats
from tests.support.clock import NOON, FakeClock
from tests.support.incoming import pressed, said
from tests.support.rows import COMMUNE

HOMES = (
    "bà Lan", "ông Kiên", "cô Thoa", "chú Dũng", "bà Mơ", "ông Phúc", "cô Quyên", "chú Vịnh", "bà Xuyến", "ông Giáp",
    "cô Hạnh", "chú Toản", "bà Nhung", "ông Bách", "cô Duyên", "chú Lực",
)  # fmt: skip
LINES_EACH = 4
"""So many homes are one message's own: visits of one home on one day would be asked about."""
_runs = count(1)


@dataclass(frozen=True)
class Told:
    """One message: who wrote it when, its lines, what it was edited to later, and which home's visit was undone."""

    who: str
    hours_ago: int
    lines: tuple[str, ...]
    edits: tuple[tuple[str, ...], ...]
    undone_after: int | None
    """Minutes until the visit of its first line was undone; edits come after 10 and 20."""

    @property
    def undone_home(self) -> str | None:
        """Whose visit was undone: one that every version of the message tells of."""
        home = home_of(self.lines[0])
        is_in_all = all(home in map(home_of, text) for text in self.edits)
        return home if self.undone_after is not None and is_in_all else None


@dataclass
class Stream:
    """Deliveries: messages and edits, and undos, which need the receipt that was read before."""

    messages: list[Incoming] = field(default_factory=list)
    undos: list[tuple[str, Incoming]] = field(default_factory=list)


def lines(number: int) -> st.SearchStrategy[tuple[str, ...]]:
    homes = HOMES[number * LINES_EACH : (number + 1) * LINES_EACH]
    figures = st.sampled_from(
        ["2 người vneid 2", "3 người, 1 nghèo, skđt 1", "hôm qua 1 người vneid 1", "4 người cks 3"]
    )
    line = st.tuples(st.sampled_from(homes), figures)
    several = st.lists(line, min_size=1, max_size=3, unique_by=lambda one: one[0])
    return several.map(lambda told: tuple(f"ấp {3 + 2 * (number % 2)} nhà {home} {what}" for home, what in told))


def told(number: int) -> st.SearchStrategy[Told]:
    return st.builds(
        Told,
        st.sampled_from(["an", "binh"]),
        st.integers(1, 40),
        lines(number),
        st.lists(lines(number), max_size=2).map(tuple),
        st.sampled_from([None, None, 5, 15, 30]),
    )


def stream_of(all_told: Sequence[Told], run: int) -> Stream:
    stream = Stream()
    for number, one in enumerate(all_told):
        sent = NOON - timedelta(hours=one.hours_ago, minutes=number)
        message = said("\n".join(one.lines), by=one.who, message_id=f"m{run}-{number}", sent_at=sent)
        stream.messages.append(message)
        for place, text in enumerate(one.edits, start=1):
            stream.messages.append(
                replace(
                    message, text="\n".join(text), is_edit=True, first_sent_at=sent,
                    sent_at=sent + timedelta(minutes=10 * place),
                )
            )  # fmt: skip
        if one.undone_home:
            at = sent + timedelta(minutes=one.undone_after or 0)
            press = replace(pressed("", by=one.who, sent_at=at), message_id=f"u{run}-{number}")
            stream.undos.append((one.undone_home, press))
    return stream


def home_of(line: str) -> str:
    """ "ấp 3 nhà bà Lan 2 người" -> "ba lan"."""
    return key(" ".join(line.split(" nhà ")[1].split()[:2]))


async def deliver(chats: Chats, stream: Stream, order: random.Random | None) -> None:
    """Hands all over: in the order of writing, or shuffled with every one twice and the bot starting anew between."""
    events: list[tuple[Incoming, str]] = [(message, "") for message in stream.messages]
    events += [(press, home) for home, press in stream.undos]
    if order is None:
        events.sort(key=lambda event: event[0].sent_at)
    else:
        events += events
        order.shuffle(events)
    late = []
    told_at: dict[int, datetime] = {}
    for place, (message, home) in enumerate(events):
        if order and place == len(events) // 2:
            chats.restart()
        if not home:
            await chats.send(message)
            for one in await stored(chats.database):
                told_at.setdefault(one.id, message.sent_at)
        elif not await undo(chats, home, message, told_at):
            late.append((message, home))
    for press, home in late:
        await undo(chats, home, press, told_at)


async def undo(chats: Chats, home: str, press: Incoming, told_at: Mapping[int, datetime]) -> bool:
    """Presses the button of that home's receipt, if there was one when it was pressed."""
    found = [one for one in await stored(chats.database) if one.household and key(one.household.name) == home]
    if not found or told_at[found[0].id] > press.sent_at:
        return False
    await chats.send(replace(press, payload=f"do:dot:u:{found[0].id}"))
    return True


async def stored(database: Database) -> list[SupportSession]:
    async with database.snapshot() as session:
        return await sessions.of_origin(session, COMMUNE, "chat:")


def table(found: Sequence[SupportSession], final: Collection[str]) -> list[tuple[object, ...]]:
    """What the messages tell at last, whether it counts or is in the trash, and whatever else counts.

    What no message tells any more is left out: a line that an edit removed has been there before in one order only.
    """
    rows = []
    for one in found:
        assert one.household is not None
        assert one.member is not None
        if one.voided_at is None or key(one.household.name) in final:
            outcomes = tuple(sorted((outcome.code, outcome.count) for outcome in one.outcomes))
            rows.append((
                one.member.name, one.hamlet.name, key(one.household.name), one.occurred_on.isoformat(), one.people,
                one.poor, outcomes, one.voided_at is not None,
            ))  # fmt: skip
    return sorted(rows)


async def replies_each(database: Database) -> set[int]:
    """How many replies the messages got."""
    replies = select(func.count()).where(OutboxMessage.inbox_id == InboxMessage.id).scalar_subquery()
    async with database.snapshot() as session:
        return set(await session.scalars(select(replies).select_from(InboxMessage)))


async def empty(database: Database) -> None:
    """No trace of an example before: only the members and their chats."""
    async with database.transaction() as session:
        for one in (SessionOutcome, SupportSession, Household, OutboxMessage, InboxMessage):
            await session.execute(delete(one))
        await session.execute(update(Conversation).values(state={}))


FOUR = st.tuples(told(0), told(1), told(2), told(3))


@settings(
    max_examples=10, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(four=FOUR, how_many=st.integers(1, 4), order=st.randoms(use_true_random=False))
async def test_shuffled_doubled_and_cut_streams_end_in_the_same_table_with_one_receipt_each(
    database: Database, clock: FakeClock, four: tuple[Told, ...], how_many: int, order: random.Random
) -> None:
    all_told = four[:how_many]
    final = {home_of(line) for one in all_told for line in (one.edits[-1] if one.edits else one.lines)}
    ended = []
    for shuffled in (None, order):
        await empty(database)
        chats = Chats(database, clock)
        await chats.places("3", "5")
        for who in ("an", "binh"):
            await chats.member(who, "3", "5")
        await deliver(chats, stream_of(all_told, next(_runs)), shuffled)
        ended.append(table(await stored(database), final))
        assert await replies_each(database) == {1}
        assert {row[2] for row in ended[-1]} == final
        async with database.snapshot() as session:
            assert all("form" not in one.state for one in await session.scalars(select(Conversation)))
    assert ended[0] == ended[1]
