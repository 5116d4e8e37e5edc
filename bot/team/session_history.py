"""The history of a support session in words: who did what when, and what it was before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.messages import Reply
from bot.service import Turn
from bot.team.places import full_name
from bot.team.receipt import say_day, say_time
from db.outreach import audit, hamlets, households, members
from db.outreach.models import Group, SupportSession

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
        changes = await _changes(turn, entry.before, entry.after) if entry.action == "session.edited" else []
        lines.append(f"• {line}" + (f": {'; '.join(changes)}" if changes else ""))
    return Reply("\n".join(lines))


async def _changes(turn: Turn, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[str]:
    was, is_now = await _in_words(turn, before or {}), await _in_words(turn, after or {})
    return [
        turn.say(turn.library.texts.log.history_change, what=name, before=was[name], after=is_now[name])
        for name in was
        if was[name] != is_now[name]
    ]


async def _in_words(turn: Turn, values: Mapping[str, Any]) -> dict[str, str]:
    """What an entry says, field by field under the name that people read."""
    texts = turn.library.texts.log
    hamlet = await hamlets.by_id(turn.session, turn.commune.slug, values.get("hamlet_id") or 0)
    home = await households.by_id(turn.session, turn.commune.slug, values.get("household_id") or 0)
    day = values.get("occurred_on")
    words = {
        texts.history_fields["hamlet"]: full_name(turn, hamlet) if hamlet else "-",
        texts.history_fields["household"]: home.name if home else "-",
        texts.history_fields["day"]: say_day(turn, date.fromisoformat(day)) if day else "-",
        texts.groups["people"]: str(values.get("people", 0)),
    }
    words |= {texts.groups[group.value]: str(values.get(group.value, 0)) for group in Group}
    words |= {name: str(values.get("outcomes", {}).get(code, 0)) for code, name in texts.outcomes.items()}
    return words | {texts.history_fields["note"]: values.get("note") or "-"}
