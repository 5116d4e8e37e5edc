"""Two Zalo emulators for tests: an Official Account (OpenAPI v3, webhook) and the Zalo Bot Platform, over real HTTP.

    with ZaloOa() as oa:
        oa.add_person("246", "Bà Lan")
        oa.save_webhook("http://127.0.0.1:8080/zalo")
        oa.says("246", "xin chào")
        oa.wait_until(lambda: oa.messages_to("246"))

What they do is what public material says (Zalo has no place to try things in); where sources disagree there is an
attribute that chooses. Map: ``served.py`` is what both share (server, trouble on order, waiting); ``pushing.py``
delivers to webhooks; ``oa*.py`` and ``tokens.py`` are the Official Account, ``bot*.py`` the Bot Platform.
"""

from .bot import ZaloBotPlatform
from .bot_api import BotMessage
from .oa import ZaloOa
from .oa_messages import Pressable, SentMessage
from .pushing import Delivery
from .served import SAMPLE_JPG, SAMPLE_PNG, Call

__all__ = [
    "SAMPLE_JPG",
    "SAMPLE_PNG",
    "BotMessage",
    "Call",
    "Delivery",
    "Pressable",
    "SentMessage",
    "ZaloBotPlatform",
    "ZaloOa",
]
