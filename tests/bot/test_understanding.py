"""A text is understood as a whole, and clause by clause when it asks several things."""

from __future__ import annotations

from bot.citizen.desk import CitizenDesk
from bot.nlu import Guess, NluUnavailableError, Understanding
from bot.understanding import understand, understand_by_rasa
from content.library import Library

DOUBLE = "làm căn cước ở đâu với lại quên mật khẩu vneid"
FIRST, SECOND = "làm căn cước ở đâu", "với lại quên mật khẩu vneid"


class ByText:
    """Knows some texts by heart; of any other it knows nothing, and without any it is down."""

    def __init__(self, known: dict[str, Guess]) -> None:
        self._known = known

    async def parse(self, text: str) -> Understanding:
        if not self._known:
            raise NluUnavailableError("down")
        return Understanding((self._known.get(text, Guess("out_of_scope", 1.0)),))


async def test_two_clear_questions_are_found_in_the_order_of_the_text() -> None:
    nlu = ByText({FIRST: Guess("cccd.apply", 0.9), SECOND: Guess("vneid.forgot_password", 0.95)})
    found = (await understand_by_rasa(DOUBLE, nlu)).questions
    assert [guess.intent for guess in found] == ["cccd.apply", "vneid.forgot_password"]


async def test_an_unclear_clause_is_no_question_of_its_own() -> None:
    nlu = ByText({FIRST: Guess("cccd.apply", 0.9), SECOND: Guess("vneid.forgot_password", 0.5)})
    assert (await understand_by_rasa(DOUBLE, nlu)).questions == ()


async def test_courtesy_beside_a_question_is_no_second_question() -> None:
    nlu = ByText({FIRST: Guess("cccd.apply", 0.9), SECOND: Guess("chat.thanks", 0.99)})
    assert (await understand_by_rasa(DOUBLE, nlu)).questions == ()


async def test_without_rasa_the_text_search_understands(library: Library) -> None:
    desk = CitizenDesk(lambda: library, "tan-loi")
    understood = await understand("quen mat khau vneid", ByText({}), desk)
    assert understood.by == "search"
    assert understood.ranking[0].intent == "vneid.forgot_password"
