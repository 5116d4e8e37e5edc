"""A round of learning: what was decided is trained, compared with the model in use, and taken or refused with a reason.

Rasa is played by small real processes that really learn (tests/support/learning_rasa.py).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot import app, rasa_server
from bot.errors import OperatorError
from bot.learning import follow, sentences
from bot.learning.run import Learned, Outcome, learn
from bot.nlu import NluUnavailableError, RasaClient
from bot.rasa_model import learned_file, model_file
from bot.rasa_server import RasaServer
from bot.settings import Settings
from db import learning
from db.engine import Database
from db.models import LearningRun, UnansweredQuestion
from tests.support.clock import NOON
from tests.support.learning_rasa import make_learning_project, ship
from tests.support.processes import eventually, processes_in
from tests.support.site import make_settings

pytestmark = [pytest.mark.servers, pytest.mark.usefixtures("content_is_read_once")]

SHIPPED = {
    "vneid.forgot_password": ["tôi quên mật khẩu vneid"],
    "vneid.install": ["cách cài ứng dụng vneid"],
    "chat.greet": ["xin chào"],
}
ASKED = "nhập sai riết hông vô được nữa"
GATE = """text\tlabel\talso\tstyle
quên mật khẩu vneid\tvneid.forgot_password
cài ứng dụng vneid\tvneid.install
giá vàng hôm nay\tout_of_scope
"""


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A commune with a Rasa of its own."""
    monkeypatch.setenv("DAISUSO_VAR", str(tmp_path / "var"))  # marks the processes that are started
    for name, seconds in {"ASK": 0.02, "LAST_ANSWERS": 0.3}.items():
        monkeypatch.setattr(rasa_server, f"{name}_SECONDS", seconds)
    monkeypatch.setattr(follow, "LOOK_SECONDS", 0.05)
    (tmp_path / "gate.tsv").write_text(GATE)
    project = make_learning_project(tmp_path / "project", SHIPPED)
    return make_settings(tmp_path / "var", rasa_url=None, rasa_project=project, gate=tmp_path / "gate.tsv")


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    """The commune's database."""
    app.check_folder(settings.var)
    database = Database(settings.database)
    await database.migrate()
    yield database
    await database.close()


async def decide(database: Database, settings: Settings, *decisions: tuple[str, str]) -> None:
    """The office decides about texts that citizens asked in vain."""
    for text, verdict in decisions:
        async with database.transaction() as session:
            asked = UnansweredQuestion(
                commune=settings.commune, channel="web", text=text, reason="refused", asked_at=NOON
            )
            session.add(asked)
            await session.flush()
            await learning.decide(session, settings.commune, [asked.id], verdict=verdict, by="cô Hạnh", now=NOON)


async def study(settings: Settings) -> Learned:
    return await learn(settings, lambda: NOON, lambda _: None, by="anh Tư")


async def last_run(database: Database, settings: Settings) -> LearningRun:
    async with database.snapshot() as session:
        return (await learning.runs(session, settings.commune))[0]


async def meaning(settings: Settings, text: str) -> str:
    """What a bot that starts now would take a text for."""
    async with app.open_desk(settings, lambda _: None) as (_, nlu):
        return (await nlu.parse(text)).ranking[0].intent


class TestAModelThatIsNoWorse:
    async def test_is_chosen_and_the_next_start_uses_it(self, settings: Settings, database: Database) -> None:
        await decide(database, settings, (ASKED, "vneid.forgot_password"))
        assert await meaning(settings, ASKED) == "out_of_scope"
        learned = await study(settings)
        assert (learned.outcome, learned.sentences, learned.new_sentences) == (Outcome.ACCEPTED, 1, 1)
        assert learned.live is None
        assert learned.model == model_file(settings.rasa_project, settings.var).name
        assert await meaning(settings, ASKED) == "vneid.forgot_password"
        assert not list(processes_in(settings.var))[1:], "a Rasa was left running"

    async def test_is_noted_with_the_figures_before_and_after(self, settings: Settings, database: Database) -> None:
        await decide(database, settings, (ASKED, "vneid.forgot_password"))
        await study(settings)
        run = await last_run(database, settings)
        assert (run.outcome, run.reason, run.started_by, run.finished_at) == ("accepted", "", "anh Tư", NOON)
        assert (run.gate_before["right"], run.gate_after["right"], run.gate_after["n"]) == (3, 3, 3)
        assert (run.new_before["right"], run.new_after["right"], run.new_after["n"]) == (0, 1, 1)
        assert run.worse == []
        assert run.live_at is None

    async def test_leaves_the_shipped_data_as_it_was(self, settings: Settings, database: Database) -> None:
        shipped = {file: file.read_bytes() for file in (settings.rasa_project / "data").rglob("*.yml")}
        await decide(database, settings, (ASKED, "vneid.forgot_password"))
        await study(settings)
        assert {file: file.read_bytes() for file in (settings.rasa_project / "data").rglob("*.yml")} == shipped
        assert list(settings.var.glob("training-*")) == []

    async def test_what_was_taught_is_merged_when_the_shipped_data_changes(
        self, settings: Settings, database: Database
    ) -> None:
        await decide(database, settings, (ASKED, "vneid.forgot_password"))
        await study(settings)
        ship(settings.rasa_project, {**SHIPPED, "vneid.what": ["vneid dùng để làm gì"]})
        assert await meaning(settings, "vneid dùng làm gì") == "vneid.what"
        assert await meaning(settings, ASKED) == "vneid.forgot_password"

    async def test_a_taught_topic_that_is_shipped_no_more_is_left_out(
        self, settings: Settings, database: Database
    ) -> None:
        await decide(database, settings, (ASKED, "vneid.forgot_password"))
        await study(settings)
        (settings.rasa_project / "domain.yml").write_text("intents: [vneid.install, out_of_scope]")
        ship(settings.rasa_project, {"vneid.install": SHIPPED["vneid.install"]})
        assert await meaning(settings, ASKED) == "out_of_scope"

    async def test_the_same_decisions_are_learned_once(self, settings: Settings, database: Database) -> None:
        await decide(database, settings, (ASKED, "vneid.forgot_password"))
        await study(settings)
        assert (await study(settings)).outcome is Outcome.NOTHING_NEW

    async def test_a_decision_taken_back_is_unlearned(self, settings: Settings, database: Database) -> None:
        await decide(database, settings, (ASKED, "vneid.forgot_password"))
        await study(settings)
        await decide(database, settings, (ASKED, "ignore"))
        assert (await study(settings)).outcome is Outcome.ACCEPTED
        assert await meaning(settings, ASKED) == "out_of_scope"

    async def test_a_gate_question_that_was_taught_measures_nothing(
        self, settings: Settings, database: Database
    ) -> None:
        await decide(database, settings, ("Gia vang hom nay?", "out_of_scope"))
        await study(settings)
        assert (await last_run(database, settings)).gate_after["n"] == 2


class TestAWorseModel:
    @pytest.fixture
    async def wrong(self, settings: Settings, database: Database) -> None:
        """A decision that spoils what was understood."""
        await decide(database, settings, ("quên mật khẩu của vneid", "vneid.install"))

    @pytest.mark.usefixtures("wrong")
    async def test_is_refused_with_the_figures_and_the_questions_that_got_worse(
        self, settings: Settings, database: Database
    ) -> None:
        learned = await study(settings)
        assert learned.outcome is Outcome.REFUSED
        assert "trên 3 câu kiểm tra chỉ đúng 2, trước là 3" in learned.reason
        assert "đưa ra đúng chủ đề 100,0 % → 50,0 %" in learned.reason
        assert "các câu kém đi: “quên mật khẩu vneid”" in learned.reason
        run = await last_run(database, settings)
        assert (run.outcome, run.reason) == ("refused", learned.reason)
        [worse] = run.worse
        assert (worse["text"], worse["before"], worse["topics"]) == (
            "quên mật khẩu vneid", ["vneid.forgot_password"], ["vneid.install"],
        )  # fmt: skip

    @pytest.mark.usefixtures("wrong")
    async def test_changes_nothing(self, settings: Settings) -> None:
        before = model_file(settings.rasa_project, settings.var)
        await study(settings)
        assert model_file(settings.rasa_project, settings.var) == before
        assert await meaning(settings, "quên mật khẩu của vneid") == "vneid.forgot_password"

    @pytest.mark.usefixtures("wrong")
    async def test_is_taken_once_the_decision_was_put_right(self, settings: Settings, database: Database) -> None:
        await study(settings)
        await decide(database, settings, ("quên mật khẩu của vneid", "vneid.forgot_password"))
        assert (await study(settings)).outcome is Outcome.ACCEPTED


class TestWhatCannotBeDone:
    async def test_without_decisions_nothing_is_trained(self, settings: Settings, database: Database) -> None:
        assert (await study(settings)).outcome is Outcome.NOTHING_NEW
        assert not (settings.var / "models").exists()

    async def test_two_at_a_time_are_one_too_many(self, settings: Settings, database: Database) -> None:
        await decide(database, settings, (ASKED, "vneid.forgot_password"))
        first = asyncio.create_task(study(settings))
        await asyncio.to_thread(eventually, (settings.var / "models").exists, 20)
        with pytest.raises(OperatorError, match="lần học khác"):
            await study(settings)
        assert (await first).outcome is Outcome.ACCEPTED

    async def test_a_training_that_fails_is_noted_and_can_be_done_again(
        self, settings: Settings, database: Database
    ) -> None:
        await decide(database, settings, (ASKED, "vneid.forgot_password"))
        await meaning(settings, ASKED)
        launch = settings.rasa_project / "launch.py"
        works = launch.read_text()
        launch.write_text("import sys\nif sys.argv[1] == 'train': sys.exit(1)\n" + works)
        with pytest.raises(OperatorError, match="rasa-train"):
            await study(settings)
        run = await last_run(database, settings)
        assert run.outcome == "failed"
        assert "rasa-train" in run.reason
        launch.write_text(works)
        assert (await study(settings)).outcome is Outcome.ACCEPTED

    async def test_a_rasa_elsewhere_cannot_be_taught_from_here(self, settings: Settings) -> None:
        elsewhere = settings.model_copy(update={"rasa_url": "http://127.0.0.1:9"})
        with pytest.raises(OperatorError, match="DAISUSO_RASA_URL"):
            await study(elsewhere)

    async def test_without_its_gate_nothing_is_trained(self, settings: Settings) -> None:
        settings.gate.unlink()
        with pytest.raises(OperatorError, match=r"gate\.tsv"):
            await study(settings)


class TestARunningBot:
    async def test_takes_the_new_model_while_it_is_asked_without_a_pause(
        self, settings: Settings, database: Database
    ) -> None:
        async with httpx.AsyncClient() as http, asyncio.TaskGroup() as jobs:
            async with app.open_desk(settings, lambda _: None):
                pass  # trains the first model
            server = RasaServer(settings.rasa_project, settings.var, http)
            await server.start(model_file(settings.rasa_project, settings.var))
            watching = jobs.create_task(follow.watch_and_follow(server, settings.rasa_project, settings.var))
            client, answers, failures = RasaClient(lambda: server.endpoint, http), [], []

            async def ask_on_and_on() -> None:
                while True:
                    try:
                        answers.append((await client.parse(ASKED)).ranking[0].intent)
                    except NluUnavailableError as error:
                        failures.append(error)
                    await asyncio.sleep(0.005)

            askers = [jobs.create_task(ask_on_and_on()) for _ in range(4)]
            await decide(database, settings, (ASKED, "vneid.forgot_password"))
            learned = await study(settings)
            await asyncio.sleep(0.5)  # the old server's end
            for task in (*askers, watching):
                task.cancel()
            await asyncio.wait([*askers, watching])
            await server.stop()
        assert learned.live is True
        assert failures == []
        changed_at = answers.index("vneid.forgot_password")
        assert set(answers[:changed_at]) == {"out_of_scope"}
        assert len(answers) > changed_at + 10
        assert server.restarts == 0
        assert (await last_run(database, settings)).live_at == NOON
        assert len(processes_in(settings.var)) <= 1, "the old server was left running"

    async def test_keeps_its_model_when_the_new_one_does_not_start(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with app.open_desk(settings, lambda _: None):
            pass
        async with httpx.AsyncClient() as http:
            server = RasaServer(settings.rasa_project, settings.var, http)
            await server.start(model_file(settings.rasa_project, settings.var))
            before = server.endpoint
            broken = settings.var / "models" / "nlu-broken.tar.gz"
            broken.write_text("no model")
            with pytest.raises(OperatorError):
                await server.swap(broken)
            assert server.endpoint == before
            assert await RasaClient(lambda: server.endpoint, http).parse("xin chào")
            await server.stop()

    async def test_a_choice_without_its_model_is_left_to_the_next_start(self, settings: Settings) -> None:
        async with app.open_desk(settings, lambda _: None):
            pass
        async with httpx.AsyncClient() as http:
            server = RasaServer(settings.rasa_project, settings.var, http)
            await server.start(model_file(settings.rasa_project, settings.var))
            before = server.endpoint
            sentences.write(learned_file(settings.var), [learning.Sentence(ASKED, "vneid.install")])
            following = asyncio.create_task(follow.follow(server, settings.rasa_project, settings.var))
            await asyncio.sleep(0.3)
            assert (server.endpoint, following.done()) == (before, False)
            following.cancel()
            await server.stop()
