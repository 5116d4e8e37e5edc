"""Who opens the link of a hamlet, of a topic or of a poster is greeted by what it is about, and counted as it says.

A poster counts each person once, and whom the chat then helps counts in the poster's hamlet (db/reach). Members of the
team try posters out: they are greeted like everybody, and never counted.
"""

from __future__ import annotations

from bot.citizen.presenter import Presenter
from bot.messages import Reply
from bot.service import Result, Service, Turn
from bot.team.ids import read_id
from bot.team.places import full_name
from db.links import Sort
from db.outreach import hamlets
from db.outreach.models import Hamlet
from db.reach import chat, posters


async def open_hamlet(turn: Turn, value: str) -> Result:
    """A hamlet's link."""
    place = await hamlets.by_id(turn.session, turn.commune.slug, read_id(value) or 0)
    if place is None:
        return leads_nowhere(turn, turn.library.texts.welcome.gone)
    await _come_from(turn, place)
    return await _greet(turn, place, None)


async def open_topic(turn: Turn, value: str) -> Result:
    """A topic's link."""
    if value not in turn.library.articles:
        return leads_nowhere(turn, turn.library.texts.welcome.gone)
    return await _greet(turn, None, value)


async def open_poster(turn: Turn, value: str) -> Result:
    """A poster's code. One that was taken down still leads into the chat."""
    poster = await posters.by_id(turn.session, turn.commune.slug, read_id(value) or 0)
    if poster is None or poster.retired_at is not None:
        texts = turn.library.texts.welcome
        return leads_nowhere(turn, texts.retired if poster else texts.gone)
    place = await hamlets.by_id(turn.session, turn.commune.slug, poster.hamlet_id) if poster.hamlet_id else None
    if turn.member is None:
        await posters.scan(turn.session, poster, turn.conversation, turn.incoming.sent_at)
    if place:
        await _come_from(turn, place)
    return await _greet(turn, place, poster.topic)


async def count_answer(turn: Turn, place: Hamlet | None = None) -> None:
    """Counts who was just answered in that hamlet, or in the one whose link they opened last; without one nowhere."""
    if turn.member is not None:
        return
    where = place or await chat.place_of(turn.session, turn.conversation)
    if where is not None:
        await chat.answered(turn.session, turn.conversation, where.id, turn.today, turn.now)


def leads_nowhere(turn: Turn, sentence: str) -> Result:
    """What is wrong with a code, and then the greeting that everybody gets."""
    return Result((Reply(turn.say(sentence)), _presenter(turn).greeting()))


async def press(_turn: Turn, _words: str) -> None:
    """There is nothing to press: the buttons under a greeting are the citizen's desk's."""


async def _come_from(turn: Turn, place: Hamlet) -> None:
    await chat.come_from(turn.session, turn.conversation, place, turn.incoming.sent_at)


async def _greet(turn: Turn, place: Hamlet | None, topic: str | None) -> Result:
    """The greeting, and the article that the link is about: a topic that is no more gets the greeting alone."""
    texts, presenter = turn.library.texts.welcome, _presenter(turn)
    article = turn.library.articles.get(topic) if topic else None
    name = full_name(turn, place) if place else ""
    if article is None:
        greeting = presenter.with_quick_start(turn.say(texts.from_hamlet, hamlet=name)) if place else None
        return Result((greeting or presenter.greeting(),))
    await count_answer(turn, place)
    about = turn.say(texts.about_topic_from_hamlet, hamlet=name) if place else turn.say(texts.about_topic)
    return Result((Reply(about), presenter.answer(article)), topic=article.id)


def _presenter(turn: Turn) -> Presenter:
    return Presenter(turn.library, turn.commune)


BY_HAMLET = Service("ap", None, press, open=open_hamlet, links=(Sort.HAMLET,))
BY_TOPIC = Service("muc", None, press, open=open_topic, links=(Sort.TOPIC,))
BY_POSTER = Service("apphich", None, press, open=open_poster, links=(Sort.POSTER,))
