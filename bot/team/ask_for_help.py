"""A citizen asks for a person: where, what about, sent; hears each step, can cancel, and is asked how it went."""

from __future__ import annotations

from bot.masking import mask
from bot.messages import Button, Reply
from bot.service import Form, Result, Service, Turn, payload
from bot.team.help_card import ASK, card, tell_members
from bot.team.ids import read_id
from bot.team.places import full_name
from db import persons
from db.outreach import hamlets, requests
from db.outreach.models import HelpRequest, Role
from db.outreach.requests import State
from db.reach import chat

NOT_HELPED = "not_helped"
"""In the place of a topic: an article did not help."""
KINDS = {"human", "home_visit", NOT_HELPED}
MOST_HAMLETS = 30
A_ROW = 3


async def offer(turn: Turn, topic: str) -> Result | None:
    """The button under the articles about getting a person, and after an article that did not help."""
    texts = turn.library.texts.help_request
    kind = topic.partition(".")[2] or NOT_HELPED
    button = Button(texts.new_button, payload(ASK, "new", kind))
    return Result((Reply(texts.offer_not_helped if kind == NOT_HELPED else texts.offer, ((button,),)),))


async def press(turn: Turn, words: str) -> Result | None:
    """ "new:human" begins; "m:12", "m:0" say where; "skip", "stop"; "x:5" cancels; "ok:5", "no:5" say how it went."""
    texts = turn.library.texts.help_request
    action, _, value = words.partition(":")
    if action == "new" and value in KINDS:
        return await _begin(turn, value)
    if action == "m" and turn.form.get("step") == "hamlet":
        return await _where(turn, value)
    if action == "skip" and turn.form.get("step") == "text":
        return await _send(turn, "")
    if action == "stop":
        return Result((Reply(texts.form_cancelled),), {})
    if not words:
        request = await requests.live_of(turn.session, turn.conversation.id)
        return Result((_state(turn, request) if request else Reply(texts.none),))
    request = await _own(turn, value)
    if request is None:
        return Result((Reply(texts.nothing),))
    if action == "x":
        return await _cancel(turn, request)
    if action == "ok":
        return await _helped(turn, request)
    if action == "no":
        return await _not_helped(turn, request)
    return None


async def say(turn: Turn, text: str) -> Result | None:
    """What the request is about."""
    if turn.form.get("step") != "text":
        return None
    return await _send(turn, mask(" ".join(text.split())))


async def _begin(turn: Turn, kind: str) -> Result:
    texts = turn.library.texts.help_request
    if request := await requests.live_of(turn.session, turn.conversation.id):
        return Result((_state(turn, request),))
    own = await chat.place_of(turn.session, turn.conversation)
    every = await hamlets.all_of(turn.session, turn.commune.slug)
    places = sorted(every, key=lambda one: own is None or one.id != own.id)[:MOST_HAMLETS]
    topic = turn.conversation.state.get("topic")
    form: Form = {"step": "hamlet", "kind": kind, "topic": topic}
    if not places:
        return _ask_text(turn, form | {"hamlet": None})
    choices = [Button(full_name(turn, one), payload(ASK, "m", one.id)) for one in places]
    rows = [tuple(choices[start : start + A_ROW]) for start in range(0, len(choices), A_ROW)]
    rows.append((Button(texts.unknown_hamlet_button, payload(ASK, "m", 0)), _stop(turn)))
    return Result((Reply(texts.ask_hamlet, tuple(rows)),), form)


async def _where(turn: Turn, value: str) -> Result:
    hamlet = await hamlets.by_id(turn.session, turn.commune.slug, read_id(value) or 0)
    return _ask_text(turn, turn.form | {"hamlet": hamlet.id if hamlet else None})


def _ask_text(turn: Turn, form: Form) -> Result:
    texts = turn.library.texts.help_request
    ask = texts.ask_home if form["kind"] == "home_visit" else texts.ask_text
    skip = Button(texts.skip_button, payload(ASK, "skip"))
    return Result((Reply(ask, ((skip, _stop(turn)),)),), form | {"step": "text"})


async def _send(turn: Turn, text: str) -> Result:
    if request := await requests.live_of(turn.session, turn.conversation.id):
        return Result((_state(turn, request),), {})
    texts, form = turn.library.texts.help_request, turn.form
    request = await requests.make(
        turn.session, turn.conversation, kind=form["kind"], hamlet_id=form["hamlet"], topic=form["topic"], text=text,
        now=turn.now,
    )  # fmt: skip
    people = await requests.recipients(turn.session, request)
    shown = card(turn.library, turn.commune, request)
    reached = await tell_members(turn.session, people, shown, f"request:{request.id}:new", turn.now)
    if reached == 0:
        told = turn.say(texts.made_nobody, number=request.id)
    else:
        who = texts.who_commune
        if request.hamlet and any(one.role == Role.MEMBER for one in people):
            who = turn.say(texts.who_team, hamlet=full_name(turn, request.hamlet))
        told = turn.say(texts.made, number=request.id, who=who)
    return Result((Reply(told, ((_cancel_button(turn, request),),)),), {})


async def _cancel(turn: Turn, request: HelpRequest) -> Result:
    texts = turn.library.texts.help_request
    taken_by = [request.taken_by] if request.taken_by else await requests.recipients(turn.session, request)
    if not await requests.close(turn.session, request, State.CANCELLED, turn.actor, turn.now):
        return Result((Reply(texts.nothing),))
    told = Reply(turn.say(texts.member_cancelled, number=request.id))
    await tell_members(turn.session, taken_by, told, f"request:{request.id}:cancelled", turn.now)
    return Result((Reply(turn.say(texts.cancelled, number=request.id)),))


async def _helped(turn: Turn, request: HelpRequest) -> Result:
    texts = turn.library.texts.help_request
    if request.state == State.DONE and request.helped is None and request.taken_by:
        told = Reply(turn.say(texts.member_helped, number=request.id))
        await tell_members(turn.session, [request.taken_by], told, f"request:{request.id}:helped", turn.now)
    request.helped = True
    return Result((Reply(texts.thanks),))


async def _not_helped(turn: Turn, request: HelpRequest) -> Result:
    texts = turn.library.texts.help_request
    if request.state != State.DONE or await requests.live_of(turn.session, turn.conversation.id):
        return Result((Reply(texts.nothing),))
    request.helped = False
    await requests.give_back(turn.session, request, turn.actor, turn.now)
    head = turn.say(texts.member_not_helped, number=request.id)
    people = await requests.recipients(turn.session, request, is_urgent=True)
    shown = card(turn.library, turn.commune, request, head)
    await tell_members(turn.session, people, shown, f"request:{request.id}:again:{turn.incoming.message_id}", turn.now)
    return Result((Reply(turn.say(texts.reopened, number=request.id), ((_cancel_button(turn, request),),)),))


async def _own(turn: Turn, value: str) -> HelpRequest | None:
    request = await requests.locked(turn.session, turn.commune.slug, read_id(value) or 0)
    chats = await persons.linked_ids(turn.session, turn.conversation.id)
    return request if request and request.conversation_id in chats else None


def _state(turn: Turn, request: HelpRequest) -> Reply:
    texts = turn.library.texts.help_request
    state = turn.say(texts.state_taken, name=request.taken_by.name) if request.taken_by else texts.state_open
    return Reply(turn.say(texts.already, number=request.id, state=state), ((_cancel_button(turn, request),),))


def _cancel_button(turn: Turn, request: HelpRequest) -> Button:
    return Button(turn.library.texts.help_request.cancel_button, payload(ASK, "x", request.id))


def _stop(turn: Turn) -> Button:
    return Button(turn.library.texts.help_request.cancel_form_button, payload(ASK, "stop"))


SERVICE = Service(
    ASK, None, press, say=say, offer=offer, commands=("/nho",), topics=("help.human", "help.home_visit", NOT_HELPED)
)
