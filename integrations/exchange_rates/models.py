"""What the two sources publish, in their own words."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated
from xml.etree import ElementTree as ET

from pydantic import Field

from bot.http.shape import Shape

CUBE = "{http://www.ecb.int/vocabulary/2002-08-01/eurofxref}Cube"
MOST = 1024 * 1024  # bytes; the longer of the two files has about a tenth

Worth = Annotated[Decimal, Field(gt=0, allow_inf_nan=False)]


class Day(Shape):
    """One day of the bank's file; the base is always the euro."""

    time: date
    rates: Annotated[Mapping[str, Worth], Field(min_length=1)]


class Days(Shape):
    """The bank's file, newest day first."""

    days: Annotated[tuple[Day, ...], Field(min_length=1)]


class Latest(Shape):
    """Frankfurter's answer; *day* may be before the one that was asked for."""

    base: str
    day: date = Field(alias="date")
    rates: Annotated[Mapping[str, Worth], Field(min_length=1)]


def days(raw: bytes) -> dict[str, object]:
    """Return the content of the bank's XML file as plain values; ValueError when it is none."""
    if len(raw) > MOST or b"<!DOCTYPE" in raw:
        raise ValueError("this is not the file of rates")
    try:
        root = ET.fromstring(raw)  # noqa: S314 - of a trusted host, short, and without a DTD no entity
    except ET.ParseError as error:
        raise ValueError(f"{error}") from None
    found = [cube for cube in root.iter(CUBE) if "time" in cube.attrib]
    return {"days": [{"time": cube.get("time"), "rates": _rates(cube)} for cube in found]}


def _rates(cube: ET.Element) -> dict[str | None, str | None]:
    return {each.get("currency"): each.get("rate") for each in cube.iter(CUBE) if "rate" in each.attrib}
