"""One round of learning: trains a model with what the office has decided, compares it, and chooses the better one."""

from __future__ import annotations

import fcntl
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from bot import app as application
from bot import rasa_model
from bot.citizen.desk import CitizenDesk
from bot.errors import OperatorError
from bot.evaluation import Question, Result, evaluate, read_questions
from bot.learning import follow, sentences
from bot.learning.comparison import Compared, Comparison
from bot.nlu import Nlu, RasaClient
from bot.rasa_server import RasaServer
from bot.settings import Settings
from content.library import OUT_OF_SCOPE
from db import learning
from db.clock import Clock
from db.engine import Database
from db.learning import Measured, Sentence
from db.question_groups import key

Tell = Callable[[str], None]


class Outcome(StrEnum):
    """How a round ended."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    NOTHING_NEW = "nothing_new"


@dataclass(frozen=True, slots=True)
class Learned:
    """What became of a round. `live`: whether the running bot has taken the model; None when no bot runs."""

    outcome: Outcome
    reason: str = ""
    model: str = ""
    sentences: int = 0
    new_sentences: int = 0
    live: bool | None = None
    measured: Measured | None = None

    def to_json(self) -> dict[str, Any]:
        """Field by field."""
        return asdict(self)


async def learn(settings: Settings, clock: Clock, tell: Tell, *, by: str) -> Learned:
    """Does the round. `by`: who asked for it. `tell` hears of slow steps.

    Raises:
        OperatorError: it could not be done; the model in use stays.
    """
    if settings.rasa_url:
        raise OperatorError(
            "Rasa chạy ở máy khác (DAISUSO_RASA_URL) nên không huấn luyện được ở đây. "
            "Chạy lệnh này ở máy có môi trường của Rasa, và bỏ DAISUSO_RASA_URL."
        )
    application.check_folder(settings.var)
    topics = application.open_library(settings).current.topics.keys() | {OUT_OF_SCOPE}
    gate = read_questions(settings.gate)
    database = application.open_database(settings)
    try:
        await application.migrate(database)
        with _alone(settings.var):
            async with database.snapshot() as session:
                decided = await learning.sentences(session, settings.commune)
            taught = [sentence for sentence in decided if sentence.topic in topics]
            return await _Round(settings, database, clock, tell, taught, gate).take(by)
    finally:
        await database.close()


class _Round:
    def __init__(
        self,
        settings: Settings,
        database: Database,
        clock: Clock,
        tell: Tell,
        taught: Sequence[Sentence],
        gate: Sequence[Question],
    ) -> None:
        self._settings = settings
        self._project, self._var = settings.rasa_project, settings.var
        self._database = database
        self._clock = clock
        self._tell = tell
        self._taught = taught
        known = {key(sentence.text) for sentence in taught}
        # What a model was trained on measures nothing.
        self._gate = [question for question in gate if key(question.text) not in known]
        self._accepted = rasa_model.learned_file(self._var)
        self._candidate = self._accepted.with_name("candidate.yml")

    async def take(self, by: str) -> Learned:
        before = sentences.read(self._accepted)
        if sentences.to_yaml(before) == sentences.to_yaml(self._taught):
            return Learned(Outcome.NOTHING_NEW, sentences=len(before))
        sentences.write(self._candidate, self._taught)
        new = sentences.without(self._taught, before)
        async with application.rasa_http() as http:  # before a Rasa of our own leaves its note where the bot's was
            bot_runs = await follow.is_running(self._var, http)
        model = rasa_model.model_file(self._project, self._var, self._candidate)
        async with self._database.transaction() as session:
            run_id = await learning.begin_run(
                session,
                self._settings.commune,
                by=by,
                model=model.name,
                sentences=len(self._taught),
                new_sentences=len(new),
                now=self._clock(),
            )
        try:
            comparison = await self._compare([Question(sentence.text, sentence.topic) for sentence in new], model)
        except OperatorError as error:
            await self._finish(run_id, learning.FAILED, str(error))
            raise
        refusal, measured = comparison.refusal, comparison.measured()
        learned = Learned(Outcome.ACCEPTED, "", model.name, len(self._taught), len(new), measured=measured)
        if refusal:
            await self._finish(run_id, learning.REFUSED, refusal, measured)
            return replace(learned, outcome=Outcome.REFUSED, reason=refusal)
        return replace(learned, live=await self._choose(run_id, model, measured, bot_runs=bot_runs))

    async def _compare(self, new: Sequence[Question], model: Path) -> Comparison:
        async with application.open_desk(self._settings, self._tell) as (desk, nlu):
            if not model.exists():  # noqa: ASYNC240 - nothing else runs here
                self._tell("Huấn luyện mô hình có các câu vừa dạy")
                await rasa_model.train(self._project, self._var, self._tell, self._candidate)
            self._tell("Đo mô hình đang dùng")
            gate_before, new_before = await self._measure(desk, nlu, new)
        self._tell("Đo mô hình mới")
        async with self._candidate_nlu(model) as nlu:
            gate_after, new_after = await self._measure(desk, nlu, new)
        return Comparison(Compared(gate_before, gate_after), Compared(new_before, new_after))

    async def _measure(
        self, desk: CitizenDesk, nlu: Nlu, new: Sequence[Question]
    ) -> tuple[Sequence[Result], Sequence[Result]]:
        results = await evaluate([*self._gate, *new], desk, nlu, lambda: None)
        return results[: len(self._gate)], results[len(self._gate) :]

    @asynccontextmanager
    async def _candidate_nlu(self, model: Path) -> AsyncIterator[Nlu]:
        """The new model in a Rasa of its own, which leaves no note: the note means the running bot's."""
        async with AsyncExitStack() as stack:
            http = await stack.enter_async_context(application.rasa_http())
            server = RasaServer(self._project, self._var / "learned", http)
            stack.push_async_callback(server.stop)
            await server.start(model)
            yield RasaClient(lambda: server.endpoint, http)

    async def _choose(self, run_id: int, model: Path, measured: Measured, *, bot_runs: bool) -> bool | None:
        self._candidate.replace(self._accepted)
        await self._finish(run_id, learning.ACCEPTED, "", measured)
        if not bot_runs:
            return None
        self._tell("Chờ bot đang chạy đổi sang mô hình mới")
        if not await follow.until_taken(self._var, model):
            return False
        async with self._database.transaction() as session:
            await learning.went_live(session, run_id, self._clock())
        return True

    async def _finish(self, run_id: int, outcome: str, reason: str, measured: Measured | None = None) -> None:
        async with self._database.transaction() as session:
            await learning.finish_run(
                session, run_id, outcome=outcome, reason=reason, measured=measured, now=self._clock()
            )


@contextmanager
def _alone(var: Path) -> Iterator[None]:
    """Lets one round run at a time; the lock goes with the process, however that ends."""
    folder = rasa_model.learned_file(var).parent
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OperatorError("Đang có một lần học khác chạy. Đợi lần đó xong rồi chạy lại.") from None
        yield
