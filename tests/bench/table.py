"""The table of figures."""

from dataclasses import dataclass

from tests.proof import reason


@dataclass(frozen=True)
class Row:
    """One figure beside its baseline; *good* says whether the target is met."""

    work: str
    figure: float
    baseline: float
    unit: str
    good: bool
    target: str


def show(rows: list[Row]) -> str:
    """Return the rows as a Markdown table."""
    lines = ["| work | ours | baseline | ratio | target | met |", "|---|---|---|---|---|---|"]
    for row in rows:
        scale, unit = (1000, "ms") if row.unit == "ms" else (1, row.unit)
        ours, base = f"{row.figure * scale:.2f} {unit}", f"{row.baseline * scale:.2f} {unit}"
        ratio, met = row.figure / row.baseline, "yes" if row.good else f"**NO**. {reason(row.work)}"
        lines.append(f"| {row.work} | {ours} | {base} | {ratio:.2f} × | {row.target} | {met} |")
    return "\n".join(lines)
