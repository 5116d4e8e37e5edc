"""What a citizen is told of by the commune: chosen by /nhantin, ended at once by /dung, a button in every broadcast, or
the words. Nobody is subscribed by anybody else; the offer comes once, where somebody found a scam article helpful.
"""

from __future__ import annotations

import unicodedata
from datetime import timedelta

from bot.messages import Button, Kind, Reply
from bot.service import Result, Service, Turn, payload
from bot.team.ids import read_id
from bot.team.places import full_name
from content.library import Library
from db import outbox, persons
from db.broadcasts import subscriptions
from db.broadcasts.models import Interest
from db.lessons import reminders
from db.outreach import hamlets
from db.outreach.names import key
from db.reach import chat

NAME = "tin"
HELPED_AGAINST_SCAMS = "helped:scam"
"""In the place of a topic: an article about scams was found helpful."""

MENU = (Interest.SCAM_ALERTS, Interest.CLASS_NOTICES, Interest.COMMUNE_NEWS)
"""What everybody is offered; anything else is shown to who has it, so that it can be ended."""

A_ROW = 3
MOST_HAMLETS = 30
LATELY = timedelta(days=3)

PHRASES = frozenset({
    "dung nhan tin", "dung nhan tin nua", "ngung nhan tin", "huy nhan tin", "tat nhan tin", "thoi nhan tin",
    "khong nhan tin nua", "dung gui tin", "dung gui tin nua", "khong gui tin nua", "huy dang ky nhan tin",
})  # fmt: skip
"""Whole texts that mean it whenever they come, as names are compared (without diacritics)."""

WORDS = frozenset({"dừng", "dừng lại", "ngừng", "ngừng lại", "stop", "unsubscribe"})
"""Whole texts that mean it where somebody is told of something and nobody waits for their answer."""

BARE_WORDS = frozenset({"dung", "dung lai", "ngung", "ngung lai"})
""" "dung" may also be "đúng": it means the end only right after a broadcast."""


def stop_button(library: Library) -> Button:
    """The way out under every broadcast."""
    return Button(library.texts.subscriptions.stop_button, payload(NAME, "stop"))


async def press(turn: Turn, words: str) -> Result | None:
    """ "" shows the choice; "+:scam_alerts", "-:scam_alerts" change it; "h", "h:12" say where; "stop"; "no"."""
    texts = turn.library.texts.subscriptions
    if turn.incoming.kind is Kind.TEXT:
        is_end = turn.incoming.text.strip().split()[0].partition("@")[0].lower() != "/nhantin"
        return await _stop(turn) if is_end else await _menu(turn)
    action, _, value = words.partition(":")
    if action == "stop":
        return await _stop(turn)
    if action == "no":
        return Result((Reply(turn.say(texts.declined)),))
    if not subscriptions.can_subscribe(turn.conversation):
        return Result((Reply(turn.say(texts.only_private)),))
    if action in {"+", "-"} and value in set(Interest):
        return await _change(turn, Interest(value), is_wanted=action == "+")
    if action == "h":
        return await _hamlet(turn, value)
    return await _menu(turn)


async def overhear(turn: Turn, text: str) -> Result | None:
    """The words that end it, alone in a message; in a longer sentence they are a question like any other."""
    if turn.incoming.kind is not Kind.TEXT or turn.incoming.is_edit or text.lstrip().startswith("/"):
        return None
    if key(text) in PHRASES:
        return await _stop(turn)
    word = " ".join(unicodedata.normalize("NFC", text).casefold().strip(" .!,?").split())
    if word not in WORDS | BARE_WORDS or turn.conversation.state.get("form"):
        return None
    if not await subscriptions.live_in(turn.session, persons.person_of(turn.conversation)):
        return None
    if word in BARE_WORDS and not await outbox.last_was_to_many(turn.session, turn.conversation.id, turn.now - LATELY):
        return None
    return await _stop(turn)


async def offer(turn: Turn, _topic: str) -> Result | None:
    """Once: whoever has decided, or did not answer, is not asked again while we know them."""
    texts = turn.library.texts.subscriptions
    person = persons.person_of(turn.conversation)
    if not subscriptions.can_subscribe(turn.conversation):
        return None
    if not await subscriptions.is_new_to(turn.session, person, Interest.SCAM_ALERTS):
        return None
    await subscriptions.note_offer(turn.session, turn.conversation, Interest.SCAM_ALERTS, turn.now)
    ways = (
        Button(texts.offer_yes_button, payload(NAME, "+", Interest.SCAM_ALERTS.value)),
        Button(texts.offer_no_button, payload(NAME, "no")),
    )
    return Result((Reply(turn.say(texts.offer), (ways,)),))


async def _stop(turn: Turn) -> Result:
    texts = turn.library.texts.subscriptions
    was_reminded = await reminders.stop(turn.session, turn.conversation)  # of the pocket lessons
    ended = await subscriptions.end(turn.session, persons.person_of(turn.conversation), None, turn.now)
    again = ((Button(texts.again_button, payload(NAME, "menu")),),)
    return Result((Reply(turn.say(texts.stopped if ended or was_reminded else texts.nothing_to_stop), again),))


async def _change(turn: Turn, interest: Interest, *, is_wanted: bool) -> Result:
    texts = turn.library.texts.subscriptions
    person = persons.person_of(turn.conversation)
    if is_wanted:
        place = await chat.place_of(turn.session, turn.conversation)
        if interest not in await subscriptions.live_in(turn.session, person):
            await subscriptions.subscribe(
                turn.session, turn.conversation, interest, now=turn.now, hamlet_id=place.id if place else None
            )
    else:
        await subscriptions.end(turn.session, person, interest, turn.now)
    said = texts.subscribed if is_wanted else texts.ended
    return await _menu(turn, turn.say(said, name=texts.interests[interest.value]))


async def _hamlet(turn: Turn, value: str) -> Result:
    texts = turn.library.texts.subscriptions
    person = persons.person_of(turn.conversation)
    if value:
        place = await hamlets.by_id(turn.session, turn.commune.slug, read_id(value) or 0)
        await subscriptions.say_hamlet(turn.session, person, place.id if place else None)
        said = turn.say(texts.hamlet_kept, hamlet=full_name(turn, place)) if place else turn.say(texts.hamlet_none)
        return await _menu(turn, said)
    places = (await hamlets.all_of(turn.session, turn.commune.slug))[:MOST_HAMLETS]
    choices = [Button(full_name(turn, one), payload(NAME, "h", one.id)) for one in places]
    rows = [tuple(choices[start : start + A_ROW]) for start in range(0, len(choices), A_ROW)]
    rows.append((Button(turn.say(texts.hamlet_none_button), payload(NAME, "h", 0)),))
    return Result((Reply(turn.say(texts.ask_hamlet), tuple(rows)),))


async def _menu(turn: Turn, said: str = "") -> Result:
    """What they are told of, with a button for each thing; `said` goes before."""
    texts = turn.library.texts.subscriptions
    if not subscriptions.can_subscribe(turn.conversation):
        return Result((Reply(turn.say(texts.only_private)),))
    person = persons.person_of(turn.conversation)
    live = await subscriptions.live_in(turn.session, person)
    rows = [
        (Button((texts.on if one in live else texts.off).format(name=texts.interests[one.value]),
                payload(NAME, "-" if one in live else "+", one.value)),)
        for one in Interest if one in MENU or one in live
    ]  # fmt: skip
    if live:
        home = await subscriptions.hamlet_of(turn.session, person)
        place = await hamlets.by_id(turn.session, turn.commune.slug, home) if home else None
        where = (
            turn.say(texts.hamlet_button, hamlet=full_name(turn, place)) if place else turn.say(texts.say_hamlet_button)
        )
        rows += [(Button(where, payload(NAME, "h")),), (stop_button(turn.library),)]
    return Result((Reply("\n\n".join(filter(None, (said, turn.say(texts.choose)))), tuple(rows)),))


SERVICE = Service(
    NAME, None, press, overhear=overhear, offer=offer, commands=("/nhantin", "/dung", "/stop"),
    topics=(HELPED_AGAINST_SCAMS,),
)  # fmt: skip
