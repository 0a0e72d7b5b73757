"""Past years' ticket sales from rows that people write: a CSV file, or the configuration."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import date as Day  # noqa: N812 # a column is called date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints, ValidationError

from bot.core.errors import UsageError
from bot.core.money import Currency, Money
from bot.core.names import suggestion
from bot.core.tickets import Count, Kind, Season, Sold, Year
from bot.core.values import Value

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Price = Annotated[Decimal, Field(ge=0, le=100_000, decimal_places=3, allow_inf_nan=False)]
MOST_ROWS = 50_000
MOST_MISTAKES = 10
EXAMPLE = "year,ticket,sold,price\n2015,Regular,112,165"


def _absent(said: object) -> object:
    """Return None for a cell that was left empty."""
    return None if isinstance(said, str) and not said.strip() else said


Cell = BeforeValidator(_absent)


class Row(Value):
    """What was sold of one kind of ticket in a year, on one day of it, or in all when no date is given."""

    year: Year = Field(description="The conference's year.")
    ticket: Title = Field(description="What the ticket is called.")
    sold: Annotated[Count | None, Cell] = Field(None, description="How many; left out when nobody knows.")
    price: Annotated[Price | None, Cell] = Field(None, description="What one cost, VAT included.")
    currency: Annotated[Currency | None, Cell] = Field(None, description="Of the price; GBP when left out.")
    date: Annotated[Day | None, Cell] = Field(None, description="The day of these sales, as 2015-03-31.")
    first_day: Annotated[Day | None, Cell] = Field(None, description="The conference's first day.")
    counted: Annotated[bool | None, Cell] = Field(
        None, description="`no` for tickets beside the conference itself, which attend nothing of it."
    )

    @property
    def money(self) -> Money | None:
        """Return the price."""
        return None if self.price is None else Money.of(self.price, self.currency or "GBP")


def decoded(content: bytes) -> str:
    """Return the text of a file: UTF-8, or UTF-16 that says so; UsageError names the line that is neither."""
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UsageError(
            f"Line {line} is not {'UTF-16' if wide else 'UTF-8'}. Nothing was imported.",
            "Save the file again as “CSV UTF-8”.",
        ) from None


def read(text: str) -> tuple[Season, ...]:
    """Return the years of a CSV file with a line of heads; UsageError names each line that is wrong."""
    lines = text.splitlines(keepends=True)
    separator = ";" if lines and ";" in lines[0] and "," not in lines[0] else ","
    reader = csv.DictReader(lines, delimiter=separator, restkey="…", strict=True, skipinitialspace=True)
    try:
        _check_heads(reader.fieldnames or ())
        given = dict((reader.line_num, row) for row in reader)  # noqa: C402 # its number moves on with each row
    except csv.Error as error:
        raise UsageError(f"Line {reader.reader.line_num}: {error}. Nothing was imported.", _hint()) from None
    return seasons(given)


def seasons(given: Mapping[int, Mapping[str, Any]]) -> tuple[Season, ...]:
    """Return the years of rows by their line; UsageError names each line that is wrong, and why."""
    if not given or len(given) > MOST_ROWS:
        why = "There is no row in it." if not given else f"It has more than {MOST_ROWS:,} rows."
        raise UsageError(f"{why} Nothing was imported.", _hint())
    rows, mistakes = dict[int, Row](), list[tuple[int, str]]()
    for line, row in given.items():
        try:
            rows[line] = Row.model_validate({key: cell for key, cell in row.items() if key})
        except ValidationError as error:
            mistakes.append((line, _problem(error)))
    mistakes += contradictions(rows)
    if mistakes:
        told = [f"Line {line}: {why}" for line, why in sorted(mistakes)]
        more = f"\n… and {len(told) - MOST_MISTAKES} more." if len(told) > MOST_MISTAKES else ""
        raise UsageError("\n".join(["Nothing was imported.", *told[:MOST_MISTAKES]]) + more, _hint())
    return gathered(rows.values())


def gathered(given: Iterable[Row]) -> tuple[Season, ...]:
    """Return the years of rows that do not contradict each other."""
    rows = tuple(given)
    years = sorted({row.year for row in rows})
    return tuple(_season(year, [row for row in rows if row.year == year]) for year in years)


def _hint() -> str:
    return f"A file looks like this:\n{EXAMPLE}\nMore columns are known: {', '.join(Row.model_fields)}."


def _check_heads(heads: Iterable[str]) -> None:
    names = [head.strip() for head in heads]
    for name in names:
        if name not in Row.model_fields:
            near = suggestion(name, Row.model_fields)
            raise UsageError(f"Line 1: `{name}` is no column. Nothing was imported.", near or _hint())
        if names.count(name) > 1:
            raise UsageError(f"Line 1: the column `{name}` is there twice. Nothing was imported.", _hint())
    for name in ("year", "ticket"):
        if name not in names:
            raise UsageError(f"Line 1: the column `{name}` is missing. Nothing was imported.", _hint())


def _problem(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    place = str(first["loc"][0])
    if place == "…":
        return "it has more cells than line 1 has columns."
    said = first["msg"].replace("Input should be", "must be")
    return f"`{place}`: {said}, not {str(first['input'])[:40]!r}."


def contradictions(rows: Mapping[int, Row], word: str = "line") -> Iterator[tuple[int, str]]:
    """Yield the numbers of rows, each a *word*, that cannot be true beside an earlier one, and why."""
    seen = dict[tuple[object, ...], tuple[int, object]]()
    for line, row in rows.items():
        facts: dict[tuple[object, ...], tuple[str, object]] = {
            ("row", row.year, row.ticket, row.date): ("is the same ticket and day as", line),
            ("dated", row.year, row.ticket): ("is about a day or the year, unlike", row.date is not None),
            ("price", row.year, row.ticket): ("has another price than", row.money),
            ("counted", row.year, row.ticket): ("is counted otherwise than", row.counted),
        }
        if row.first_day:
            facts["first", row.year] = ("has another first day than", row.first_day)
        for key, (why, value) in facts.items():
            before, other = seen.setdefault(key, (line, value))
            if other != value:
                yield line, f"it {why} {word} {before}."
                break
        if row.date is not None and row.sold is None:
            yield line, "`sold`: a day needs a number."


def _season(year: int, rows: list[Row]) -> Season:
    titles = dict.fromkeys(row.ticket for row in rows)
    by_day = sorted(
        (Sold(day=row.date, kind=row.ticket, sold=row.sold or 0) for row in rows if row.date),
        key=lambda each: (each.day, each.kind),
    )
    return Season(
        year=year,
        first_day=next((row.first_day for row in rows if row.first_day), None),
        kinds=tuple(_kind(title, [row for row in rows if row.ticket == title]) for title in titles),
        days=tuple(by_day),
    )


def _kind(title: str, rows: list[Row]) -> Kind:
    known = [row.sold for row in rows if row.sold is not None]
    first = rows[0]
    sold = sum(known) if known else None
    return Kind(title=title, sold=sold, price=first.money, counted=first.counted is not False)
