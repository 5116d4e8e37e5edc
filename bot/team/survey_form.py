"""The four pillars of a household, counted in its adults: five questions, a tap each."""

from __future__ import annotations

from bot.messages import Button, Reply
from bot.service import Result, Service, Turn, payload
from bot.team.ids import read_id
from bot.team.log_form_steps import SURVEY
from db.outreach import hamlets, households
from db.outreach.households import Survey
from db.outreach.models import Household, Role

QUESTIONS = ("adults", "identity", "device", "skill", "account")
MOST_ADULTS = 12
A_ROW = 5


async def press(turn: Turn, words: str) -> Result | None:
    """ "12" begins with household 12; "12:3:0:..." are the answers so far."""
    texts = turn.library.texts.log_form
    numbers = [number for one in words.split(":") if (number := read_id(one)) is not None]
    if not numbers or len(numbers) != words.count(":") + 1:
        return Result((Reply(texts.cancelled if words == "x" else texts.gone_household),))
    home = await _household(turn, numbers[0])
    if home is None:
        return Result((Reply(texts.gone_household),))
    told = numbers[1:]
    if len(told) > len(QUESTIONS) or any(
        count > (told[0] if place else MOST_ADULTS) for place, count in enumerate(told)
    ):
        return Result((Reply(texts.gone_household),))
    if len(told) == len(QUESTIONS):
        return await _save(turn, home, told)
    most = told[0] if told else MOST_ADULTS
    counts = range(0 if told else 1, most + 1)
    choices = [Button(str(count), payload(SURVEY, home.id, *told, count)) for count in counts]
    rows = [tuple(choices[start : start + A_ROW]) for start in range(0, len(choices), A_ROW)]
    rows.append((Button(texts.cancel_button, payload(SURVEY, "x")),))
    intro = "" if told else turn.say(texts.survey_intro, household=home.name) + "\n"
    return Result((Reply(intro + getattr(texts, f"survey_{QUESTIONS[len(told)]}"), tuple(rows)),))


async def _save(turn: Turn, home: Household, told: list[int]) -> Result:
    texts = turn.library.texts.log_form
    adults, identity, device, skill, account = told
    found = Survey(
        max(home.people or 0, adults), adults, identity, device, skill, account, is_poor=home.is_poor,
        is_ethnic_minority=home.is_ethnic_minority, has_elderly=home.has_elderly, has_disabled=home.has_disabled,
    )  # fmt: skip
    await households.survey(turn.session, home, found, turn.actor, turn.now)
    shown = {name: f"{count}/{adults}" for name, count in zip(QUESTIONS[1:], told[1:], strict=True)}
    pillars = turn.say(texts.pillars, adults=adults, **shown)
    return Result((Reply(f"{texts.survey_saved}\n{home.name}\n{pillars}"),))


async def _household(turn: Turn, household_id: int) -> Household | None:
    home = await households.by_id(turn.session, turn.commune.slug, household_id)
    hamlet = await hamlets.by_id(turn.session, turn.commune.slug, home.hamlet_id) if home else None
    return home if hamlet and turn.may_see(hamlet) else None


SERVICE = Service(SURVEY, Role.MEMBER, press)
