"""What a citizen gets back for commands, follow-ups and what is no text, and what is remembered, kept and forgotten."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.citizen import buttons
from bot.conversation import REMEMBERED_FOR
from content.library import Library
from db.engine import Database
from db.models import Base, Conversation, Feedback, InboxMessage, OutboxMessage, UnansweredQuestion
from tests.support.clock import NOON, FakeClock
from tests.support.incoming import pressed, said, shared
from tests.support.talk import INSTALL, PASSWORD, Talk

HELPFUL = buttons.payload("helpful", "vneid.install")
NOT_HELPFUL = buttons.payload("not_helpful", "vneid.install")


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """SQLite alone: what differs between databases is tests/db's business."""
    return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"


@pytest.fixture
def talk(database: Database, library: Library, clock: FakeClock) -> Talk:
    return Talk(database, library, clock)


async def the_conversation(talk: Talk) -> Conversation:
    async with talk.database.snapshot() as session:
        return (await session.scalars(select(Conversation))).one()


async def unanswered(talk: Talk) -> list[tuple[str, str, str | None]]:
    async with talk.database.snapshot() as session:
        kept = await session.scalars(select(UnansweredQuestion).order_by(UnansweredQuestion.id))
        return [(one.text, one.reason, one.topic) for one in kept]


async def feedback(talk: Talk) -> list[tuple[str, bool]]:
    async with talk.database.snapshot() as session:
        return [(given.topic, given.helpful) for given in await session.scalars(select(Feedback))]


# --- commands ---------------------------------------------------------------------------------------------------------


async def test_start_greets_and_help_helps_and_menu_shows_the_menu(talk: Talk) -> None:
    phrases = talk.library.phrases
    assert (await talk.said(said("/start"))).startswith("Dạ chào bà con!")
    assert (await talk.said(said("/help"))).startswith("**Đại sứ số** là chương trình máy tính")
    assert await talk.said(said("/menu")) == phrases.menu
    assert await talk.said(said("/menu@dai_su_so_bot")) == phrases.menu
    assert await talk.said(said("/MENU ạ")) == phrases.menu


@pytest.mark.parametrize("text", ["/khongco", "/", "/ menu"])
async def test_an_unknown_command_gets_help(talk: Talk, text: str) -> None:
    assert await talk.said(said(text)) == await talk.said(said("/help"))


async def test_commands_are_not_taken_for_questions(talk: Talk) -> None:
    for text in ("/start", "/help", "/menu", "/xoadulieu", "/khongco"):
        await talk.answer(said(text))
    assert talk.nlu.asked == []
    assert await unanswered(talk) == []


@pytest.mark.parametrize("text", ["/start poster-7", "/start@dai_su_so_bot poster-7", "/start   poster-7 "])
async def test_the_code_of_the_deep_link_is_kept(talk: Talk, text: str) -> None:
    await talk.answer(said(text))
    assert (await the_conversation(talk)).start_code == "poster-7"


async def test_only_a_new_code_replaces_the_old_one(talk: Talk) -> None:
    await talk.answer(said("/start poster-7"))
    for text in ("/start", INSTALL, "/help poster-8", "start poster-8"):
        await talk.answer(said(text))
    assert (await the_conversation(talk)).start_code == "poster-7"
    await talk.answer(said("/start poster-9"))
    assert (await the_conversation(talk)).start_code == "poster-9"


async def test_a_code_that_is_too_long_is_cut(talk: Talk) -> None:
    await talk.answer(said("/start " + "x" * 100))
    assert (await the_conversation(talk)).start_code == "x" * 64


# --- memory -----------------------------------------------------------------------------------------------------------


async def test_a_follow_up_is_about_the_last_topic(talk: Talk) -> None:
    assert "Bấm Cài đặt." in await talk.said(said(INSTALL))
    assert "Không mất tiền." in await talk.said(said("lệ phí bao nhiêu"))


async def test_the_last_topic_is_remembered_for_two_hours_and_then_no_longer(talk: Talk, clock: FakeClock) -> None:
    assert timedelta(hours=2) == REMEMBERED_FOR
    await talk.answer(said(INSTALL))
    clock.advance(hours=2)
    assert "Không mất tiền." in await talk.said(said("lệ phí bao nhiêu"))
    clock.advance(hours=2, seconds=1)
    assert "Không mất tiền." not in await talk.said(said("lệ phí bao nhiêu"))


async def test_everybody_has_a_memory_of_their_own(talk: Talk) -> None:
    await talk.answer(said(INSTALL, by="ba-an"))
    assert "Không mất tiền." not in await talk.said(said("lệ phí bao nhiêu", by="ong-ba"))
    assert "Không mất tiền." in await talk.said(said("lệ phí bao nhiêu", by="ba-an"))


# --- what is no text --------------------------------------------------------------------------------------------------


async def test_what_the_bot_can_not_read_gets_a_kind_sentence(talk: Talk) -> None:
    attachments = talk.library.phrases.attachments
    assert await talk.said(shared("photo")) == attachments.photo
    assert await talk.said(shared("contact")) == attachments.contact
    assert await talk.said(said("  \n ")) == talk.library.phrases.empty
    assert talk.nlu.asked == []


async def test_a_text_is_understood_by_search_while_rasa_is_down(talk: Talk) -> None:
    talk.nlu.is_down = True
    assert "Bấm Quên mật khẩu." in await talk.said(said("Quên mật khẩu VNeID"))


# --- what the office gets ---------------------------------------------------------------------------------------------


async def test_a_question_without_an_answer_is_kept_masked_and_without_a_tie_to_who_asked(talk: Talk) -> None:
    await talk.answer(said("đổi biển số xe, căn cước 001099012345", by="ba-an"))
    assert await unanswered(talk) == [("đổi biển số xe, căn cước [đã che]", "refused", "out_of_scope")]
    async with talk.database.snapshot() as session:
        kept = (await session.scalars(select(UnansweredQuestion))).one()
    assert {column.key for column in UnansweredQuestion.__table__.columns} == {
        "id", "commune", "channel", "text", "reason", "topic", "asked_at"
    }  # fmt: skip
    assert (kept.commune, kept.channel, kept.asked_at) == ("tan-loi", "telegram", NOON)


async def test_an_answer_leaves_nothing_for_the_office(talk: Talk) -> None:
    await talk.answer(said(INSTALL))
    assert await unanswered(talk) == []


async def test_a_question_whose_answer_did_not_help_is_kept_once(talk: Talk) -> None:
    await talk.answer(said(INSTALL), pressed(NOT_HELPFUL))
    await talk.answer(pressed(NOT_HELPFUL))
    assert await unanswered(talk) == [(INSTALL, "not_helpful", "vneid.install")]


async def test_an_opinion_replaces_the_one_before(talk: Talk) -> None:
    await talk.answer(said(INSTALL), pressed(NOT_HELPFUL))
    assert await feedback(talk) == [("vneid.install", False)]
    assert await talk.said(pressed(HELPFUL)) == talk.library.phrases.thanks_for_yes
    assert await feedback(talk) == [("vneid.install", True)]


# --- forgetting -------------------------------------------------------------------------------------------------------


async def test_asking_to_forget_asks_back_first(talk: Talk) -> None:
    await talk.answer(said("/start poster-7"), said(INSTALL), pressed(HELPFUL))
    [question] = await talk.answer(said("/xoadulieu"))
    assert [[button.payload for button in row] for row in question.buttons] == [[buttons.FORGET_YES, buttons.FORGET_NO]]
    assert await talk.said(pressed(buttons.FORGET_NO)) == talk.library.phrases.kept
    assert (await the_conversation(talk)).start_code == "poster-7"
    assert await feedback(talk) == [("vneid.install", True)]
    assert "Không mất tiền." in await talk.said(said("lệ phí bao nhiêu"))


async def test_forgetting_deletes_everything_and_says_so(talk: Talk) -> None:
    await talk.answer(said("/start poster-7"), said(PASSWORD), said(INSTALL), pressed(HELPFUL), said("/xoadulieu"))
    assert await talk.said(pressed(buttons.FORGET_YES)) == talk.library.phrases.forgotten

    async with talk.database.snapshot() as session:
        [request] = list(await session.scalars(select(InboxMessage)))
        [confirmation] = list(await session.scalars(select(OutboxMessage)))
    assert (request.kind, request.text, request.payload) == ("button", "", buttons.FORGET_YES)
    assert confirmation.body["text"] == talk.library.phrases.forgotten
    assert await feedback(talk) == []
    conversation = await the_conversation(talk)
    assert (conversation.state, conversation.start_code) == ({}, None)


async def test_after_forgetting_a_follow_up_starts_anew(talk: Talk) -> None:
    await talk.answer(said(INSTALL), pressed(buttons.FORGET_YES))
    assert "Không mất tiền." not in await talk.said(said("lệ phí bao nhiêu"))


async def test_a_question_sent_right_behind_the_wish_to_be_forgotten_is_answered(talk: Talk) -> None:
    assert "Bấm Cài đặt." in await talk.said(said(PASSWORD), pressed(buttons.FORGET_YES), said(INSTALL))


async def test_forgetting_one_person_leaves_the_others_alone(talk: Talk) -> None:
    await talk.answer(said(INSTALL, by="ong-ba"), pressed(HELPFUL, by="ong-ba"))
    await talk.answer(said(INSTALL, by="ba-an"), pressed(buttons.FORGET_YES, by="ba-an"))
    assert await feedback(talk) == [("vneid.install", True)]
    assert "Không mất tiền." in await talk.said(said("lệ phí bao nhiêu", by="ong-ba"))


async def test_no_table_holds_a_forgotten_persons_words(talk: Talk) -> None:
    await talk.answer(said(f"{INSTALL} bà Lụa ấp 3"), said(INSTALL), pressed(buttons.FORGET_YES))
    async with talk.database.snapshot() as session:
        for table in Base.metadata.sorted_tables:
            if table.name != UnansweredQuestion.__tablename__:  # without a tie to the person, by promise kept
                rows = (await session.execute(select(table))).all()
                assert INSTALL not in str(rows)
