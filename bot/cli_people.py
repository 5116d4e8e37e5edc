"""`daisuso invite`, `members` and `commune`: who works for the outreach, and where."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import qrcode
import typer
import yaml
from pydantic import ValidationError
from rich.markup import escape

from bot import app as application
from bot import household_sheet
from bot.entrances import Entrances
from bot.errors import OperatorError
from bot.settings import Settings
from bot.team.visit_sheet.workbook import SheetError
from bot.terminal import FAILED, AsJson, exit_with, or_exit, out, print_json, read_settings, with_database, write_file
from content.commune import Commune
from content.numbers import day, moment
from db import links
from db.clock import utc_now
from db.engine import Database
from db.links import Sort
from db.outreach import hamlets, members
from db.outreach.audit import OPERATOR
from db.outreach.models import Member, Role
from db.outreach.names import key

members_app = typer.Typer(help="Who works for the outreach.", no_args_is_help=True)
commune_app = typer.Typer(help="A commune's places.", no_args_is_help=True)

MOST_DAYS = 60


@dataclass(frozen=True, slots=True)
class _Invited:
    """What an invitation is told as."""

    addresses: tuple[str, ...]
    until: str


def invite(
    role: Annotated[Role, typer.Option("--role", help="What the invited person may do.")] = Role.MEMBER,
    hamlet: Annotated[list[str] | None, typer.Option("--hamlet", help="A hamlet to serve; may be repeated.")] = None,
    days: Annotated[int, typer.Option("--days", min=1, max=MOST_DAYS, help="How long it is good.")] = 7,
    qr: Annotated[Path | None, typer.Option("--qr", help="Also write the QR code to this PNG file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make a one-time invitation into the commune's team: a link and its QR code.

    Example: daisuso invite --role member --hamlet 3 --hamlet 5
    """
    settings = read_settings()
    commune = or_exit(lambda: application.open_library(settings)).current.communes[settings.commune]

    async def make(database: Database) -> _Invited:
        now = utc_now()
        entrances = await entrances_of(settings, database)
        async with database.transaction() as session:
            if not await hamlets.all_of(session, settings.commune):
                await hamlets.load(session, settings.commune, commune.hamlets, now)
            known = {key(one.name): one for one in await hamlets.all_of(session, settings.commune)}
            wanted = [key(name.removeprefix(commune.hamlet_word)) for name in hamlet or ()]
            if unknown := [name for name, its in zip(hamlet or (), wanted, strict=True) if its not in known]:
                there = ", ".join(one.name for one in known.values()) or "chưa có nơi nào"
                raise OperatorError(f"Không có {commune.hamlet_word} {', '.join(unknown)}. Đang có: {there}.")
            code = await members.invite(
                session, commune=settings.commune, role=role, hamlets=[known[its] for its in dict.fromkeys(wanted)],
                created_by=OPERATOR, now=now, days=days,
            )  # fmt: skip
            link = await links.make(session, settings.commune, Sort.INVITATION, code)
        until = now + timedelta(days=days)
        return _Invited(entrances.addresses(link), moment(until))

    invited = with_database(settings, make)
    if qr:
        _write_picture(invited.addresses[0], qr)
    if as_json:
        print_json({"addresses": list(invited.addresses), "until": invited.until, "role": role.value})
        return
    out.print(f"Lời mời dùng một lần, đến {invited.until}. Chỉ gửi cho đúng người được mời:")
    for address in invited.addresses:
        out.print(escape(address))
    if not qr:
        code = qrcode.QRCode(border=2)
        code.add_data(invited.addresses[0])
        code.print_ascii(invert=True)


@members_app.command("list")
def list_members(as_json: AsJson = False) -> None:
    """Show the commune's present members.

    Example: daisuso members list
    """
    settings = read_settings()

    async def look(database: Database) -> list[Member]:
        async with database.snapshot() as session:
            return await members.all_of(session, settings.commune)

    found = with_database(settings, look)
    if as_json:
        print_json([_member_to_json(member) for member in found])
        return
    for member in found:
        places = ", ".join(hamlet.name for hamlet in member.hamlets) or "-"
        target = f"  mục tiêu {member.monthly_target} hộ/tháng" if member.monthly_target else ""
        since = f"từ {day(member.joined_at)}"
        out.print(escape(f"{member.id}  {member.name}  {member.role}  {places}  {since}{target}"))
    if not found:
        out.print("Chưa có thành viên nào. Mời bằng: daisuso invite")


@members_app.command("remove")
def remove_member(
    member: Annotated[int, typer.Argument(help="The number that `daisuso members list` shows.", metavar="ID")],
) -> None:
    """End a membership: from this moment the person's chat account can do nothing but ask questions.

    Example: daisuso members remove 12
    """
    settings = read_settings()

    async def end(database: Database) -> str | None:
        async with database.transaction() as session:
            for one in await members.all_of(session, settings.commune):
                if one.id == member:
                    await members.remove(session, one, OPERATOR, utc_now())
                    return one.name
        return None

    name = with_database(settings, end)
    if name is None:
        exit_with(f"Không có thành viên số {member}. Xem các số bằng: daisuso members list")
    out.print(escape(f"Đã đưa {name} ra khỏi tổ. Các đợt đã ghi vẫn được tính."))


@members_app.command("target")
def set_target(
    member: Annotated[int, typer.Argument(help="The number that `daisuso members list` shows.", metavar="ID")],
    households: Annotated[int, typer.Argument(help="Households a reporting month; 0 for no target.", min=0, max=999)],
) -> None:
    """Set how many households a member is to visit in a reporting month: the line in the member's /thongke.

    Example: daisuso members target 12 15
    """
    settings = read_settings()

    async def put(database: Database) -> str | None:
        async with database.transaction() as session:
            for one in await members.all_of(session, settings.commune):
                if one.id == member:
                    await members.set_target(session, one, households or None, OPERATOR, utc_now())
                    return one.name
        return None

    name = with_database(settings, put)
    if name is None:
        exit_with(f"Không có thành viên số {member}. Xem các số bằng: daisuso members list")
    told = f"Mục tiêu của {name}: {households} hộ mỗi tháng." if households else f"{name} không còn mục tiêu tháng."
    out.print(escape(told))


@commune_app.command("load")
def load(
    file: Annotated[Path, typer.Argument(help="A commune's profile, as in content/communes/.")],
    as_json: AsJson = False,
) -> None:
    """Put the hamlets of a commune's profile into the database. Safe to repeat; deletes nothing.

    Example: daisuso commune load content/communes/tan-loi.yml
    """
    settings = read_settings()
    profile = or_exit(lambda: _read_profile(file))

    async def put(database: Database) -> tuple[list[str], int]:
        async with database.transaction() as session:
            added = await hamlets.load(session, profile.slug, profile.hamlets, utc_now())
            return [hamlet.name for hamlet in added], len(await hamlets.all_of(session, profile.slug))

    added, total = with_database(settings, put)
    if as_json:
        print_json({"commune": profile.slug, "added": added, "hamlets": total})
        return
    if not profile.hamlets:
        out.print(f"Hồ sơ {profile.name} chưa có danh sách {profile.hamlet_word}: điền vào mục hamlets rồi chạy lại.")
        return
    named = f": {', '.join(added)}" if added else ""
    out.print(escape(f"{profile.name}: thêm {len(added)} {profile.hamlet_word}{named}; đang có {total}."))


@commune_app.command("import")
def import_households(
    file: Annotated[Path | None, typer.Argument(help="A filled list, .xlsx.")] = None,
    template: Annotated[Path | None, typer.Option("--template", help="Write an empty list to this file.")] = None,
    save_all: Annotated[bool, typer.Option("--save", help="Save, if every row is right.")] = False,
    save_right: Annotated[bool, typer.Option("--save-right-ones", help="Save the right rows.")] = False,
    as_json: AsJson = False,
) -> None:
    """Read a list of hamlets and households from Excel; saves nothing unless asked to, and nothing twice.

    Example: daisuso commune import --template danh-sach.xlsx
    """
    settings = read_settings()
    commune = or_exit(lambda: application.open_library(settings)).current.communes[settings.commune]
    if template is not None:
        write_file(template, household_sheet.template(commune, commune.hamlets))
        out.print(escape(f"Đã ghi tệp mẫu {template}. Mỗi hộ một dòng; cột có/không thì ghi x."))
        return
    if file is None or (save_all and save_right):
        exit_with("Cần tên một tệp .xlsx (hoặc --template), và nhiều nhất một trong hai: --save, --save-right-ones.")
    listed = or_exit(lambda: _read_list(file, commune))
    saved = household_sheet.Saved()
    if listed.rows and (save_right or (save_all and not listed.wrong)):

        async def put(database: Database) -> household_sheet.Saved:
            async with database.transaction() as session:
                return await household_sheet.save(session, settings.commune, listed.rows, OPERATOR, utc_now())

        saved = with_database(settings, put)
    if as_json:
        print_json({"rows": len(listed.rows), "wrong": [asdict(one) for one in listed.wrong], "saved": asdict(saved)})
    else:
        _show_list(listed, saved, is_saved=save_right or (save_all and not listed.wrong))
    if listed.wrong:
        raise typer.Exit(FAILED)


def _show_list(listed: household_sheet.Listed, saved: household_sheet.Saved, *, is_saved: bool) -> None:
    for one in listed.wrong:
        out.print(escape(f"Dòng {one.row}, cột {one.column}: {one.text}"))
    out.print(f"{len(listed.rows)} hộ đúng, {len(listed.wrong)} chỗ cần sửa.")
    if not is_saved:
        out.print("Chưa lưu gì. Lưu bằng --save khi mọi dòng đúng, hoặc --save-right-ones để lưu các dòng đúng.")
        return
    named = f", thêm {', '.join(saved.new_hamlets)}" if saved.new_hamlets else ""
    out.print(escape(f"Đã lưu: {saved.new} hộ mới, {saved.changed} hộ đổi, {saved.unchanged} hộ như cũ{named}."))


def _read_list(file: Path, commune: Commune) -> household_sheet.Listed:
    try:
        return household_sheet.read(file.read_bytes(), commune)
    except OSError as error:
        raise OperatorError(f"Không đọc được {file} ({error.strerror}).") from None
    except SheetError:
        raise OperatorError(
            f"{file} không phải tệp Excel .xlsx đọc được (hỏng, có mật khẩu, quá lớn, hoặc dạng .xls cũ). "
            "Mở bằng Excel, lưu lại dạng .xlsx rồi chạy lại."
        ) from None


def _read_profile(file: Path) -> Commune:
    try:
        return Commune.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except OSError as error:
        raise OperatorError(f"Không đọc được {file} ({error.strerror}).") from None
    except (yaml.YAMLError, ValidationError, UnicodeDecodeError):
        raise OperatorError(f"{file} không phải hồ sơ xã hợp lệ. Xem lỗi bằng: daisuso content check") from None


async def entrances_of(settings: Settings, database: Database) -> Entrances:
    """The ways in; Telegram is asked for the bot's name, for a few seconds at most."""
    site = settings.public_url or f"http://localhost:{settings.port}"
    async with AsyncExitStack() as stack:
        channel = await application.open_telegram(settings, database, stack)
        return Entrances(channel.user_name if channel else None, site)


def _write_picture(address: str, file: Path) -> None:
    try:
        qrcode.make(address, error_correction=qrcode.ERROR_CORRECT_M).save(str(file))
    except (OSError, ValueError) as error:
        exit_with(f"Không ghi được {file} ({error}). Chọn nơi khác, tên tệp kết thúc bằng .png.")


def _member_to_json(member: Member) -> dict[str, Any]:
    return {
        "id": member.id,
        "name": member.name,
        "role": member.role,
        "hamlets": [hamlet.name for hamlet in member.hamlets],
        "joined_at": member.joined_at.isoformat(),
        "monthly_target": member.monthly_target,
    }
