"""The bot's queue of updates: numbered, kept until confirmed, filtered by ``allowed_updates``.

Both ways of receiving draw on this one queue: getUpdates (polling.py) confirms by offset, a webhook (webhook.py) by
answering 2xx. The caller holds the world's lock.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

NOT_DELIVERED_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
FIRST_UPDATE_ID = 700_000_001


@dataclass
class Update:
    """One thing that happened, as the bot is told it. ``update_id`` is 0 until it is put into the queue."""

    kind: str
    payload: dict[str, Any]
    chat_id: int
    update_id: int = 0

    def as_json(self) -> dict[str, Any]:
        """The Bot API ``Update`` object."""
        return {"update_id": self.update_id, self.kind: self.payload}


@dataclass(eq=False)
class Delivery:
    """An update on its way. ``repeated`` ones are handed to a poller once, whatever its offset."""

    update: Update
    repeated: bool = False
    failures: int = 0
    not_before: float = 0.0
    in_flight: bool = field(default=False, repr=False)


class UpdateQueue:
    """Updates waiting for the bot, oldest first."""

    def __init__(self) -> None:
        self.history: list[Update] = []
        self.deliveries: list[Delivery] = []
        self.allowed: tuple[str, ...] = ()
        self.listeners: set[Callable[[], None]] = set()
        self._held: list[Update] | None = None
        self._next_id = FIRST_UPDATE_ID

    def add(self, update: Update) -> None:
        """Queues the update, unless the bot did not ask for its kind; keeps it back while updates are being held."""
        if self._held is not None:
            self._held.append(update)
            return
        if not self._is_wanted(update.kind):
            return
        update.update_id = self._next_id
        self._next_id += 1
        self.history.append(update)
        self.deliveries.append(Delivery(update))
        self.wake_receivers()

    def hold(self) -> list[Update]:
        """Keeps new updates back from now on, in the list that is returned (the caller may reorder it)."""
        if self._held is not None:
            raise RuntimeError("updates are being held already")
        self._held = []
        return self._held

    def release(self) -> None:
        """Queues what was held, in the order of the list; update ids are given now, so that they rise."""
        held, self._held = self._held or [], None
        for update in held:
            self.add(update)

    def repeat(self, update_id: int) -> None:
        """Queues an update that was queued before once more; raises LookupError for an unknown id."""
        update = next((update for update in self.history if update.update_id == update_id), None)
        if update is None:
            raise LookupError(f"no update {update_id}")
        self.deliveries.append(Delivery(update, repeated=True))
        self.wake_receivers()

    def fetch(self, offset: int, limit: int) -> list[dict[str, Any]]:
        """What getUpdates answers now: drops every update before ``offset`` (a negative one counts from the end)."""
        if offset < 0:
            self.deliveries = self.deliveries[offset:]
        else:
            self.deliveries = [d for d in self.deliveries if d.repeated or d.update.update_id >= offset]
        # Repeated ones first: their ids are low, and a client takes its next offset from the last one in the list.
        batch = sorted(self.deliveries, key=lambda delivery: not delivery.repeated)[:limit]
        self.deliveries = [d for d in self.deliveries if not (d.repeated and d in batch)]
        return [delivery.update.as_json() for delivery in batch]

    def drop_all(self) -> None:
        """Forgets everything that waits."""
        self.deliveries.clear()

    def allow(self, kinds: Sequence[str] | None) -> None:
        """Sets which kinds are queued from now on; None keeps the last choice, an empty list is the default one."""
        if kinds is not None:
            self.allowed = tuple(kinds)

    def _is_wanted(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed else kind not in NOT_DELIVERED_BY_DEFAULT

    def wake_receivers(self) -> None:
        """Makes whoever waits for updates look again; the listeners must be quick and may be called in any thread."""
        for listener in list(self.listeners):
            listener()
