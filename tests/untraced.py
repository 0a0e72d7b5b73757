"""``python -m tests.untraced``: choose the tests that need not be traced, and write them down.

Tracing more than doubles the time of a test, and most branches are reached by many. Whatever is not in the
list is traced: a new test is, and where one that was needed is gone, coverage falls below the whole.
"""

import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree as ET

from coverage import CoverageData

HERE = Path(__file__).parent
LIST = HERE / "untraced.txt"
RUNS = 2  # what a test reached in one alone was luck
COST = 0.02  # seconds of a test beside what it takes itself

Branch = tuple[str, int, int]


def untraced() -> frozenset[str]:
    """Return the tests, without their parameters, that are not to be traced."""
    return frozenset(LIST.read_text().split()) if LIST.exists() else frozenset()


def main() -> int:
    """Trace all tests of the core and the workflow, and list those that need not be."""
    LIST.unlink(missing_ok=True)
    runs = [_run() for _ in range(RUNS)]
    seconds = runs[-1][1]
    reached = {test: set.intersection(*(run[test] for run, _ in runs)) for test in runs[-1][0]}
    needed = _needed(reached, seconds)
    spared = sorted(test for test in reached if test.startswith("tests/workflow/") and test not in needed)
    LIST.write_text("\n".join(spared) + "\n")
    spent, saved = (sum(seconds[test] for test in tests) for tests in (needed, spared))
    sys.stdout.write(
        f"{len(needed)} tests are traced ({spent:.0f} s), {len(spared)} are not ({saved:.0f} s).\n"
    )
    return 0


def _run() -> tuple[dict[str, set[Branch]], dict[str, float]]:
    """Return what each test reached, and its seconds."""
    options = ("-q", "-n", "3", "-m", "covering", "--cov", "--cov-context=test", "--cov-report=")
    with tempfile.TemporaryDirectory() as folder:
        data, times = Path(folder, "coverage"), Path(folder, "times.xml")
        subprocess.run(
            [sys.executable, "-m", "pytest", *options, f"--junitxml={times}", "tests/core", "tests/workflow"],
            cwd=HERE.parent,
            env={**os.environ, "COVERAGE_FILE": str(data)},  # noqa: TID251 # a child's is ours and one more
            check=True,
        )
        return _reached(data), _seconds(times)


def _reached(file: Path) -> dict[str, set[Branch]]:
    """Return the branches that each test reached."""
    data = CoverageData(str(file))
    data.read()
    reached: dict[str, set[Branch]] = defaultdict(set)
    for context in data.measured_contexts() - {""}:
        data.set_query_context(context)
        test = context.partition("|")[0].partition("[")[0]
        for source in data.measured_files():
            reached[test].update((source, *arc) for arc in data.arcs(source) or ())
    return reached


def _seconds(file: Path) -> dict[str, float]:
    """Return how long each test took, with all its parameters."""
    seconds: dict[str, float] = defaultdict(float)
    for case in ET.parse(file).iter("testcase"):
        path = case.attrib["classname"].replace(".", "/")
        seconds[f"{path}.py::{case.attrib['name'].partition('[')[0]}"] += float(case.attrib["time"]) + COST
    return seconds


def _needed(reached: dict[str, set[Branch]], seconds: dict[str, float]) -> list[str]:
    """Return few quick tests that reach every branch, and all of the core's, which are quick."""
    needed = [test for test in reached if test.startswith("tests/core/")]
    left = set().union(*reached.values()).difference(*(reached[test] for test in needed))
    while left:
        best = max(reached, key=lambda test: len(reached[test] & left) / seconds[test])
        needed.append(best)
        left -= reached[best]
    return needed


if __name__ == "__main__":
    sys.exit(main())
