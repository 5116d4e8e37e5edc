"""Bot API methods that send something other than text: photo, document, voice, location, album."""

import struct
from typing import Any

from .errors import ApiError, bad_request
from .methods_messages import new_message, read_caption
from .registry import method
from .requests import MAX_UPLOAD, Params
from .state import FileContent, Message, StoredFile, World

ALBUM_SIZES = range(2, 11)  # items, Bot API "sendMediaGroup"
MAX_PHOTO = 10 * 1024 * 1024  # bytes, Bot API "Sending files"

_IMAGE_BEGINNINGS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM")


@method("sendPhoto", posts=True)
def send_photo(world: World, params: Params) -> dict[str, Any]:
    return _send_file(world, params, "photo").as_json()


@method("sendDocument", posts=True)
def send_document(world: World, params: Params) -> dict[str, Any]:
    return _send_file(world, params, "document").as_json()


@method("sendVoice", posts=True)
def send_voice(world: World, params: Params) -> dict[str, Any]:
    return _send_file(world, params, "voice").as_json()


@method("sendLocation", posts=True)
def send_location(world: World, params: Params) -> dict[str, Any]:
    chat = world.open_chat(params.text("chat_id"))
    message = new_message(world, params, chat)
    try:
        place = {name: float(params.text(name)) for name in ("latitude", "longitude")}
    except ValueError:
        raise bad_request("latitude is empty") from None
    message.kind, message.attachment = "location", place
    return world.add(message).as_json()


@method("sendMediaGroup", posts=True)
def send_media_group(world: World, params: Params) -> list[dict[str, Any]]:
    chat = world.open_chat(params.text("chat_id"))
    media = params.get("media") or []
    if len(media) not in ALBUM_SIZES:
        raise bad_request("wrong number of items in the album, it must be from 2 to 10")
    messages = []
    for item in media:
        part = Params({**params.values, **item}, params.files)
        message = new_message(world, part, chat)
        message.rich, message.source = read_caption(part), part.text("caption")
        _attach(world, message, item["type"], _given_file(world, part, "media", item["type"]))
        messages.append(message)
    for message in messages:
        message.extra["media_group_id"] = f"album{messages[0].file.file_id if messages[0].file else ''}"
    return [world.add(message).as_json() for message in messages]


def file_attachment(kind: str, stored: StoredFile) -> Any:
    """The Bot API object (a list of sizes for a photo) that describes a stored file sent as ``kind``."""
    about = stored.as_json()
    named = {"file_name": stored.content.name, "mime_type": stored.content.mime_type}
    match kind:
        case "photo":
            width, height = _image_size(stored.content.content)
            return [{**about, "width": width, "height": height}]
        case "voice":
            return {**about, "duration": 1, "mime_type": "audio/ogg"}
        case "sticker":
            shape = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
            return {**about, **shape, "emoji": "👍"}
        case "video" | "animation":
            return {**about, **named, "width": 640, "height": 480, "duration": 1}
        case "video_note":
            return {**about, "length": 240, "duration": 1}
        case "audio":
            return {**about, **named, "duration": 1}
        case _:
            return {**about, **named}


def _send_file(world: World, params: Params, kind: str) -> Message:
    chat = world.open_chat(params.text("chat_id"))
    message = new_message(world, params, chat)
    message.rich, message.source = read_caption(params), params.text("caption")
    _attach(world, message, kind, _given_file(world, params, kind, kind))
    return world.add(message)


def _attach(world: World, message: Message, kind: str, stored: StoredFile) -> None:
    message.kind, message.file = kind, stored
    message.attachment = file_attachment(kind, stored)


def _given_file(world: World, params: Params, name: str, kind: str) -> StoredFile:
    """The file that the call names by upload, ``attach://`` or file id; addresses on the web are not fetched."""
    given = params.text(name)
    upload = params.files.get(given.removeprefix("attach://") if given.startswith("attach://") else name)
    if upload is not None:
        _check_upload(upload, kind)
        return world.store_file(upload, f"{kind}s")
    if given in world.files:
        return world.files[given]
    if not given:
        raise bad_request(f"there is no {kind} in the request")
    if given.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    raise bad_request("wrong remote file identifier specified: Wrong string length")


def _check_upload(upload: FileContent, kind: str) -> None:
    if len(upload.content) > MAX_UPLOAD:
        raise ApiError(413, "Request Entity Too Large")
    if not upload.content:
        raise bad_request("file must be non-empty")
    if kind == "photo":
        if len(upload.content) > MAX_PHOTO:
            raise bad_request("file of size above 10 MB can't be sent as a photo")
        if not upload.content.startswith(_IMAGE_BEGINNINGS):
            raise bad_request("IMAGE_PROCESS_FAILED")


def _image_size(content: bytes) -> tuple[int, int]:
    if content.startswith(b"\x89PNG") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return int(width), int(height)
    return 100, 100
