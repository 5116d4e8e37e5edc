"""The table of Bot API methods: a module with methods registers them here, the server looks them up."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .requests import Params
from .state import World

Handler = Callable[[World, Params], Any]


@dataclass(frozen=True)
class Method:
    """A Bot API method. ``posts`` marks those that put or change something in a chat, which rate limits count."""

    name: str
    handler: Handler
    posts: bool


METHODS: dict[str, Method] = {}


def method(name: str, *, posts: bool = False) -> Callable[[Handler], Handler]:
    """Registers a function as a Bot API method: it gets the locked world and the parameters, and returns ``result``."""

    def register(handler: Handler) -> Handler:
        METHODS[name.lower()] = Method(name, handler, posts)
        return handler

    return register
