"""Answers a citizen: what was understood goes in, replies come out, with what is to be remembered and recorded.

Pure: no database, no channel, no clock. The same desk serves the chat, `daisuso ask` and `daisuso evaluate`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.citizen import buttons
from bot.citizen.decision import Decision, Way, decide
from bot.citizen.facets import find_facet, is_only_a_facet
from bot.citizen.presenter import Presenter
from bot.citizen.scam_check import SCAM_CHECKS, Danger, ScamCheck
from bot.citizen.search import TextSearch
from bot.messages import Reply
from bot.nlu import Guess, Understanding
from bot.transcriber import NOT_HEARD
from content.article import HEADINGS, Article
from content.library import Library

SEARCH_RESULTS = 3
SEARCH_LIKENESS = 0.25
"""From here on a text is like enough to be offered as a search result (0-1)."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What the desk remembers: the topic last answered, the topics last offered, the text they were for."""

    topic: str | None = None
    offered: tuple[str, ...] = ()
    question: str = ""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question for the office; reasons as in db.models.UnansweredQuestion."""

    text: str
    reason: str
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class _Prepared:
    """What is made once for a library."""

    library: Library
    search: TextSearch
    scam_check: ScamCheck


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a message led to. `forget` asks for everything about this conversation to be deleted."""

    replies: tuple[Reply, ...]
    memory: Memory
    decision: Decision | None = None
    unanswered: Unanswered | None = None
    feedback: tuple[str, bool] | None = None
    forget: bool = False


class CitizenDesk:
    """Answers in one commune's name from whatever library is current."""

    def __init__(self, library: Callable[[], Library], commune: str) -> None:
        self._library = library
        self._commune = commune
        self._prepared: _Prepared | None = None

    def prepare(self) -> None:
        """Makes ready what a new library needs: about a second of work, which no citizen should have to wait for."""
        self._prepare()

    def search(self, text: str) -> Understanding:
        """Understands by plain text search, for when Rasa can't."""
        return self._prepare().search.rank(text)

    def answer(self, text: str, understanding: Understanding, memory: Memory) -> Outcome:
        """Answers a text by what it may mean."""
        library, presenter = self._now()
        decision = decide(understanding, library.articles)
        if urgent := self._emergency(text, decision):
            return urgent
        if checked := self._scam_check(text, decision, memory):
            return checked
        if memory.topic in library.articles and is_only_a_facet(text):
            return self._follow_up(text, understanding, memory)
        if decision.way is Way.SMALL_TALK:
            return self._small_talk(decision, memory)
        if decision.way is Way.ANSWER and decision.topic:
            topics = (decision.topic, *decision.also)
            replies = tuple(presenter.answer(library.articles[topic], find_facet(text)) for topic in topics)
            return Outcome(replies, Memory(topic=topics[-1], question=text), decision)
        if decision.way is Way.CLARIFY:
            offered = tuple(guess.intent for guess in decision.candidates)
            reply = presenter.clarify([library.articles[topic] for topic in offered])
            return Outcome((reply,), replace(memory, offered=offered, question=text), decision)
        return Outcome(
            (presenter.lost(self._results(text)),),
            replace(memory, offered=(), question=text),
            decision,
            Unanswered(text, "refused", decision.best),
        )

    def press(self, payload: str, memory: Memory) -> Outcome:
        """Does what a button says; one that means nothing (any more) gets a kind sentence."""
        _, presenter = self._now()
        simple: dict[str, Callable[[], Reply]] = {
            buttons.START: presenter.greeting,
            buttons.MENU: presenter.menu,
            buttons.HELP: presenter.help,
            buttons.FORGET: presenter.ask_to_forget,
        }
        if payload in simple:
            return Outcome((simple[payload](),), memory)
        phrases = self._library().phrases
        if payload == buttons.NONE_OF_THESE:
            return self._none_of_these(memory)
        if payload == buttons.FORGET_YES:
            return Outcome((Reply(presenter.say(phrases.forgotten)),), Memory(), forget=True)
        if payload == buttons.FORGET_NO:
            return Outcome((Reply(presenter.say(phrases.kept)),), memory)
        return self._press_of_article(payload, memory)

    def attachment(self, sort: str, memory: Memory) -> Outcome:
        """A kind sentence for what is not text."""
        library, presenter = self._now()
        if sort == NOT_HEARD:
            return Outcome((presenter.with_ways_out(library.texts.audio.not_heard),), memory)
        return Outcome((presenter.with_quick_start(library.phrases.attachments.for_sort(sort)),), memory)

    def heard(self, text: str) -> Reply:
        """Says what was understood of a voice message: a machine mishears, and people must be able to see it."""
        library, presenter = self._now()
        return Reply(presenter.say(library.texts.audio.heard, text=text))

    def empty(self, memory: Memory) -> Outcome:
        """For a text without anything in it."""
        library, presenter = self._now()
        return Outcome((presenter.with_quick_start(library.phrases.empty),), memory)

    def trouble(self) -> Reply:
        """For when answering failed on our side."""
        library, presenter = self._now()
        return presenter.with_ways_out(library.phrases.trouble)

    def _now(self) -> tuple[Library, Presenter]:
        library = self._library()
        return library, Presenter(library, library.communes[self._commune])

    def _prepare(self) -> _Prepared:
        library = self._library()
        if self._prepared is None or self._prepared.library is not library:
            check = SCAM_CHECKS.of(library.scam_signals, library.official_domains)
            self._prepared = _Prepared(library, TextSearch(library), check)
        return self._prepared

    def _emergency(self, text: str, decision: Decision) -> Outcome | None:
        """What must be done this minute, for who has already paid or told a code."""
        library, presenter = self._now()
        urgent = next((article for article in library.articles.values() if article.urgent), None)
        if urgent is None or not self._prepare().scam_check.is_emergency(text):
            return None
        decided = replace(decision, way=Way.ANSWER, topic=urgent.id, also=())
        return Outcome((presenter.answer(urgent),), Memory(topic=urgent.id, question=text), decided)

    def _scam_check(self, text: str, decision: Decision, memory: Memory) -> Outcome | None:
        """The verdict on a pasted message, link, number or reported call; None for anything else."""
        library, presenter = self._now()
        check = self._prepare().scam_check
        if not check.is_to_be_checked(text):
            return None
        verdict = check.check(text)
        is_other = decision.is_clearly_something_else and not check.holds_link_or_number(text)
        if verdict.level is not Danger.SCAM and is_other:
            return None
        understood = decision.topic if (decision.topic or "").startswith("scam.") else None
        article = library.articles.get(understood or verdict.topic or "scam.check")
        topic = article.id if article else None
        reply = presenter.verdict(verdict, library.scam_signals.levels.of(verdict.level.value), article)
        decided = replace(decision, way=Way.SCAM, topic=topic, also=())
        return Outcome((reply,), replace(memory, topic=topic, offered=(), question=text), decided)

    def _follow_up(self, text: str, understanding: Understanding, memory: Memory) -> Outcome:
        library, presenter = self._now()
        article = library.articles[memory.topic or ""]
        facet = find_facet(text) or ""
        if facet == "Các bước" and article.guide:
            reply = presenter.step(article, 1)
        else:
            reply = presenter.section(article, facet)
        reply = reply or presenter.answer(article)
        decision = Decision(Way.ANSWER, article.id, 1.0, understanding.ranking[:SEARCH_RESULTS])
        return Outcome((reply,), replace(memory, offered=(), question=text), decision)

    def _small_talk(self, decision: Decision, memory: Memory) -> Outcome:
        library, presenter = self._now()
        if decision.topic == "chat.deny" and memory.offered:
            return replace(self._none_of_these(memory), decision=decision)
        if decision.topic == "chat.affirm" and len(memory.offered) == 1 and memory.offered[0] in library.articles:
            return replace(self._show(library.articles[memory.offered[0]], memory), decision=decision)
        phrase = library.phrases.small_talk[decision.topic or ""]
        plain = decision.topic in {"chat.thanks", "chat.bye"}
        upset = decision.topic in {"chat.abuse", "chat.upset"}
        if plain:
            reply = Reply(presenter.say(phrase))
        else:
            reply = presenter.with_ways_out(phrase) if upset else presenter.with_quick_start(phrase)
        return Outcome((reply,), memory, decision)

    def _none_of_these(self, memory: Memory) -> Outcome:
        library, presenter = self._now()
        if not memory.question:
            return Outcome((presenter.with_quick_start(library.phrases.old_button),), memory)
        results = [article for article in self._results(memory.question) if article.id not in memory.offered]
        first = memory.offered[0] if memory.offered else None
        return Outcome(
            (presenter.lost(results),),
            replace(memory, offered=(), question=""),
            unanswered=Unanswered(memory.question, "none_of_these", first),
        )

    def _press_of_article(self, payload: str, memory: Memory) -> Outcome:
        library, presenter = self._now()
        press = buttons.read(payload)
        if press and press.action == "group" and (page := presenter.group(press.of, press.number)):
            return Outcome((page,), memory)
        article = library.articles.get(press.of) if press else None
        if press is None or article is None or press.action == "group":
            return Outcome((presenter.with_quick_start(library.phrases.old_button),), memory)
        if press.action == "topic":
            return self._show(article, memory)
        if press.action in {"helpful", "not_helpful"}:
            return self._feedback(article, memory, helpful=press.action == "helpful")
        reply: Reply | None
        if press.action == "section":
            reply = presenter.section(article, HEADINGS[press.number]) if press.number < len(HEADINGS) else None
        elif press.action == "step":
            reply = presenter.step(article, press.number)
        elif press.action == "listen":
            reply = presenter.clip(article, press.number)
        else:
            reply = presenter.sources(article)
        return Outcome((reply or presenter.answer(article),), _reading(article, memory))

    def _show(self, article: Article, memory: Memory) -> Outcome:
        _, presenter = self._now()
        return Outcome((presenter.answer(article),), _reading(article, memory))

    def _feedback(self, article: Article, memory: Memory, *, helpful: bool) -> Outcome:
        _, presenter = self._now()
        unanswered = None
        if not helpful and memory.question and memory.topic == article.id:
            unanswered = Unanswered(memory.question, "not_helpful", article.id)
        return Outcome(
            (presenter.thanks(article, helpful=helpful),),
            replace(memory, question="") if unanswered else memory,
            unanswered=unanswered,
            feedback=(article.id, helpful),
        )

    def _results(self, text: str) -> list[Article]:
        found: tuple[Guess, ...] = self.search(text).ranking[:SEARCH_RESULTS]
        return [self._library().articles[guess.intent] for guess in found if guess.confidence >= SEARCH_LIKENESS]


def _reading(article: Article, memory: Memory) -> Memory:
    """The memory of somebody who opened an article; the question stays only where it may have been about this one."""
    was_about_it = article.id == memory.topic or article.id in memory.offered
    return Memory(topic=article.id, question=memory.question if was_about_it else "")
