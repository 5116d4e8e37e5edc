"""The history of a support session in words: who did what when, and what it was before."""

from __future__ import annotations

from datetime import date

from bot.messages import Reply
from bot.service import Turn
from bot.team.receipt import say_day, say_time
from db.outreach import audit, members
from db.outreach.models import SupportSession
from db.outreach.session_changes import Change, Value, changes

MOST_ENTRIES = 12


async def history(turn: Turn, stored: SupportSession) -> Reply:
    """The newest entries of the audit log about a session, oldest first."""
    texts = turn.library.texts.log
    entries = await audit.history(turn.session, turn.commune.slug, "session", stored.id)
    names = {audit.by_member(one): one.name for one in await members.all_of(turn.session, turn.commune.slug)}
    lines = [texts.history_title]
    for entry in entries[-MOST_ENTRIES:]:
        did = texts.history_actions.get(entry.action.partition(".")[2])
        if did is None:
            continue
        is_member = entry.actor.startswith("member:")
        who = names.get(entry.actor, texts.history_former if is_member else texts.history_office)
        line = turn.say(texts.history_line, time=say_time(turn, entry.at), who=who, did=did)
        changed = [_in_words(turn, one) for one in await changes(turn.session, entry)]
        lines.append(f"• {line}" + (f": {'; '.join(changed)}" if changed else ""))
    return Reply("\n".join(lines))


def _in_words(turn: Turn, change: Change) -> str:
    texts = turn.library.texts.log
    names = texts.history_fields | texts.groups | texts.outcomes
    return turn.say(
        texts.history_change, what=names[change.field], before=_shown(turn, change, change.before),
        after=_shown(turn, change, change.after),
    )  # fmt: skip


def _shown(turn: Turn, change: Change, value: Value) -> str:
    if value is None:
        return "-"
    if isinstance(value, date):
        return say_day(turn, value)
    return f"{turn.commune.hamlet_word} {value}" if change.field == "hamlet" else str(value)
