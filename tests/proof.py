"""``docs/proof.md``: what is promised, which tests prove it, and what the last whole runs found.

``make faults`` writes the table of promises, ``make bench`` that of speed and memory; each between its marks.
``python -m tests.proof`` prints the tests that prove the promises.
"""

import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "proof.md"
PROMISES_MARKS = ("<!-- Promises: written by `make faults`. -->", "<!-- End of the promises. -->")
FIGURES_MARKS = ("<!-- Figures: written by `make bench`. -->", "<!-- End of the figures. -->")
NOT_YET = "not yet run"


@dataclass(frozen=True)
class Promise:
    """What is promised, and the tests that prove it: a file's, or one by its name."""

    words: str
    proofs: tuple[str, ...]


PROMISES = (
    Promise(
        "kill -9 at any point, then restart: nothing lost, doubled or stuck; what cannot be known is asked",
        (
            "tests/faults/test_kills.py",
            "tests/faults/test_serve.py",
            "tests/faults/test_frozen.py",
            "tests/faults/test_several.py",
            "tests/workflow/test_dying.py",
            "tests/workflow/test_lives.py",
            "tests/store/test_jobs_killed.py",
        ),
    ),
    Promise(
        "One request, any number of clicks by any number of people and processes: one execution",
        (
            "tests/faults/test_clicks.py",
            "tests/core/test_approval.py::test_any_number_of_clicks_yields_one_verdict",
            "tests/workflow/test_deciding.py::test_all_owners_click_at_once",
        ),
    ),
    Promise(
        "Any delivery repeated, reordered, replayed after a restart: no extra effect",
        (
            "tests/faults/test_deliveries.py",
            "tests/faults/test_webhooks.py::test_replayed_and_reordered_webhooks",
            "tests/frontends/slack/test_socket.py::test_a_repeated_frame_has_no_further_effect",
        ),
    ),
    Promise(
        "Vendors frozen for 60 s: acks under 1 s at the 99th percentile, none over 2.5 s",
        ("tests/faults/test_acks.py",),
    ),
    Promise(
        "Forged, altered, replayed or foreign payloads: none accepted, none a traceback",
        (
            "tests/faults/test_forgeries.py",
            "tests/faults/test_webhooks.py",
            "tests/frontends/slack/test_trust.py",
        ),
    ),
    Promise(
        "Live state changed after the approval: nothing applied, the difference shown",
        (
            "tests/faults/test_trouble.py::test_moved_after_the_approval",
            "tests/workflow/test_applying.py::test_what_moved_is_not_touched",
        ),
    ),
    Promise(
        "A grant ends even if the bot, Slack or the vendor was down at its end",
        (
            "tests/workflow/test_ending.py::test_grant_ends_late_when_the_bot_was_down",
            "tests/workflow/test_ending.py::test_grant_ends_late_when_the_vendor_was_down",
            "tests/workflow/test_dying.py::test_killed_at_any_step_of_an_end",
            "tests/journeys/test_returning.py::test_a_grant_that_ended_late_is_told",
        ),
    ),
    Promise(
        "Never below two owners; guards hold for random organisations and zones",
        (
            "tests/core/test_policy.py",
            "tests/workflow/test_racing.py::test_never_below_two_owners",
            "tests/workflow/test_deciding.py::test_guards_are_asked_again_when_deciding",
            "tests/integrations/dnsimple/test_zones.py::test_a_change_and_its_way_back",
        ),
    ),
    Promise(
        "Applying twice writes nothing the second time; undo restores the state or refuses",
        (
            "tests/workflow/test_applying.py::test_applying_again_writes_nothing",
            "tests/workflow/test_undoing.py",
            "tests/journeys/test_undo.py",
            "tests/integrations/dnsimple/test_zones.py",
        ),
    ),
    Promise(
        "One vendor down leaves the others' commands and digests working, marked stale",
        (
            "tests/faults/test_trouble.py",
            "tests/workflow/test_board.py::test_one_that_is_away_spoils_no_other_line",
            "tests/journeys/test_standing.py",
            "tests/journeys/test_status.py",
        ),
    ),
    Promise(
        "Any altered, dropped or moved line of the journal is found offline; with a kept head any cut too",
        (
            "tests/core/test_event.py",
            "tests/workflow/test_audit.py",
            "tests/test_verify.py",
        ),
    ),
    Promise(
        "No secret in any log, message, error, card, trace or export",
        (
            "tests/journeys/test_canaries.py",
            "tests/http/test_parts.py::test_redaction_knows_values_and_shapes",
            "tests/http/test_reads.py::test_secrets_are_not_in_what_people_read",
            "tests/config/test_loading.py",
        ),
    ),
    Promise(
        "Digests: every day, once per channel, right across clock changes, restarts and several processes",
        (
            "tests/faults/test_digests.py",
            "tests/faults/test_several.py::test_a_digest_of_several",
            "tests/workflow/test_appointments.py",
            "tests/journeys/test_digests.py",
        ),
    ),
    Promise(
        "A deaf socket is repaired within 60 s",
        (
            "tests/frontends/slack/test_socket.py::test_a_link_is_heard_again_within_a_minute",
            "tests/frontends/slack/test_socket.py::test_the_time_to_repair",
        ),
    ),
)
REASONS: Mapping[str, str] = {}
"""Why a promise or target is not met, by its words; what has no reason yet says so."""


@dataclass(frozen=True)
class Ran:
    """One test that ran: its id, how it came out, the figures it recorded."""

    test: str
    outcome: str
    figures: tuple[str, ...] = ()

    def proves(self, proof: str) -> bool:
        """Say whether it is the test, or one of the file, that *proof* names."""
        return self.test == proof or self.test.startswith((f"{proof}::", f"{proof}["))


def promises(ran: Iterable[Ran]) -> str:
    """Return the table of promises as *ran* proves them."""
    ran = tuple(ran)
    lines = ["| | promise | met | figures |", "|---|---|---|---|"]
    for number, promise in enumerate(PROMISES, 1):
        lines.append(f"| {number} | {promise.words} | {' | '.join(_proved(promise, ran))} |")
    return "\n".join(lines)


def _proved(promise: Promise, ran: tuple[Ran, ...]) -> tuple[str, str]:
    """Return whether *promise* is met, and its figures."""
    found = [each for each in ran if any(each.proves(proof) for proof in promise.proofs)]
    if not found:
        return NOT_YET, ""
    figures = [f"{len(found)} tests", *(cell(line) for each in found for line in each.figures)]
    if wrong := [each.test for each in found if each.outcome == "failed"]:
        return "**NO**", "<br>".join(
            [reason(promise.words), *(f"failed: `{name}`" for name in wrong), *figures]
        )
    left = [proof for proof in promise.proofs if not any(each.proves(proof) for each in found)]
    left += [each.test for each in found if each.outcome == "skipped"]
    if left:
        return "in part", "<br>".join([*(f"{NOT_YET}: `{name}`" for name in left), *figures])
    return "yes", "<br>".join(figures)


def cell(text: str) -> str:
    """Return *text* as it may stand in a table."""
    return text.replace("|", "\\|").replace("\n", " ")


def reason(words: str) -> str:
    """Return why the promise or target of these *words* is not met."""
    return f"Why: {REASONS.get(words, 'not known yet.')}"


def fdatasync(folder: str, count: int = 200) -> float:
    """Return the median seconds that the disk takes to keep 4 KiB."""
    times = []
    with open(Path(folder) / "probe", "wb", buffering=0) as file:
        for _ in range(count):
            file.write(b"x" * 4096)
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - began)
    return statistics.median(times)


def machine() -> str:
    """Return the day, and on what kind of machine this runs."""
    with tempfile.TemporaryDirectory() as folder:
        disk = fdatasync(folder)
    return (
        f"{time.strftime('%d %B %Y')}, {os.cpu_count()} cores, Python {platform.python_version()}; "
        f"the disk's fdatasync of 4 KiB takes {disk * 1e3:.2f} ms."
    )


def write(page: Path, marks: tuple[str, str], table: str) -> None:
    """Put *table*, with day and machine, between the *marks* of *page*."""
    begin, end = marks
    before, _, rest = page.read_text().partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise ValueError(f"{page} has lost its marks: {begin} and {end}")
    page.write_text(f"{before}{begin}\n\n{machine()}\n\n{table}\n\n{end}{after}")


if __name__ == "__main__":
    sys.stdout.write(
        " ".join(dict.fromkeys(proof for promise in PROMISES for proof in promise.proofs)) + "\n"
    )
