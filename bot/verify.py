"""Prove that a journal is whole: ``python3 verify.py``, in a pack of `infra export`.

This file needs nothing but the standard library of Python 3.10 or newer, and none of the bot's other files: a
copy of it is in each pack. The bot itself reads its journal by it.
"""

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

Line: TypeAlias = Mapping[str, Any]

GENESIS = "0" * 64
MOST = 20
PACK, JOURNAL, REQUESTS = "pack.yaml", "journal.jsonl", "state/requests.yaml"
CUT = "the published head is not in this journal: lines were cut or rewritten"
ALTERED = (ValueError, TypeError, LookupError, AttributeError, RecursionError)  # what altered lines raise
SUBJECT = "request:"
CLOSING = {"denied": "denied", "withdrawn": "withdrawn", "stopped": "withdrawn", "expired": "expired"}


def canonical(content: Mapping[str, Any]) -> bytes:
    """Return the canonical JSON of *content*: sorted keys, no spaces, UTF-8."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256(content: Mapping[str, Any]) -> str:
    """Return the hex SHA-256 of the canonical form of *content*."""
    return hashlib.sha256(canonical(content)).hexdigest()


def fingerprint(line: Line) -> str:
    """Return the hash that a line of the journal must carry: over all else that it says."""
    return sha256({key: value for key, value in line.items() if key != "hash"})


def state_after(state: str, kind: str, said: Mapping[str, Any]) -> str:
    """Return the state of a request that was in *state* after a line of a *kind* that *said* something."""
    if kind in CLOSING:
        return CLOSING[kind]
    if kind in {"filed", "approved", "taken_back", "voided"}:
        waits = "pending" if kind in {"taken_back", "voided"} else state
        return "approved" if said.get("start_at") else waits
    if kind == "applying":
        return "applying"
    if kind == "finished":
        return str(said.get("state", state))
    if kind == "undone" and state == "waiting":  # there is nothing to wait for any more
        return "applied"
    return state


class Reading:
    """Follows a journal line by line, meets a published *head* or not, and adds up each request's state.

    *requests* has for each id what `listed` says of it: what was filed, and the state its lines add up to.
    """

    def __init__(self, head: str | None = None) -> None:
        self.head = (0, GENESIS)
        self.flaw = ""
        self.requests: dict[str, dict[str, Any]] = {}
        self._seqs: dict[str, int] = {}
        self._published = head
        self._met = head in {None, GENESIS}

    def follow(self, line: Line) -> None:
        """Take the next line."""
        self.flaw = self.flaw or self._misfit(line)
        self.head = (line["n"], line["hash"])
        self._seqs[line["subject"]] = line["seq"]
        self._met = self._met or line["hash"] == self._published
        if line["subject"].startswith(SUBJECT):
            self._add_up(line["subject"][len(SUBJECT) :], line)

    def _misfit(self, line: Line) -> str:
        n = line["n"]
        if n != self.head[0] + 1 or line["previous"] != self.head[1]:
            return f"line {n} does not follow line {self.head[0]}"
        if line["hash"] != fingerprint(line):
            return f"line {n} was altered: its hash does not fit its content"
        if line["seq"] != self._seqs.get(line["subject"], 0) + 1:
            return f"line {n} is out of order within {line['subject']}"
        return ""

    def _add_up(self, id_: str, line: Line) -> None:
        said = line["payload"]
        known = self.requests.setdefault(id_, {"state": "pending", **filed(said.get("request"))})
        known["state"] = state_after(known["state"], line["kind"], said)

    def problems(self) -> list[str]:
        """Return what was wrong with the lines taken."""
        return [*filter(None, [self.flaw]), *([] if self._met else [CUT])]

    def unreadable(self) -> str:
        """Return which line could not be taken."""
        return f"a line after line {self.head[0]} cannot be read: it was altered"


def filed(request: Any) -> dict[str, Any]:
    """Return what a row of `listed` says of a *request* that was filed."""
    if not isinstance(request, dict):
        return {}
    return {
        "number": request["number"],
        "id": request["id"],
        "title": request["plan"]["title"],
        "asked_by": request["requested_by"]["name"],
        "asked_at": request["at"],
    }


def read(lines: Iterable[str], head: str | None = None) -> tuple[Reading, list[str]]:
    """Follow exported *lines*; return what they add up to, and what is wrong with them."""
    reading = Reading(head)
    for text in lines:
        try:
            line = json.loads(text)
            if text.rstrip("\r\n").encode() != canonical(line):
                raise ValueError  # such as a key said twice
            reading.follow(line)
        except ALTERED:
            return reading, [*reading.problems(), reading.unreadable()]
    return reading, reading.problems()


def listed(requests: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the requests as ``state/requests.yaml`` lists them; the journal has all that was filed."""
    keys = ("number", "id", "state", "title", "asked_by", "asked_at")
    return sorted(({key: each[key] for key in keys} for each in requests), key=lambda row: int(row["number"]))


def written(value: Any) -> str:
    """Return *value*, which JSON could hold, as YAML: a line for each thing, the same for the same."""
    return "".join(f"{line}\n" for line in _lines(value))


def _lines(value: Any) -> Iterator[str]:
    if isinstance(value, dict) and value:
        for key, below in value.items():
            name, lines = f"{_key(key)}:", [*_lines(below)]
            if isinstance(below, dict | list) and below:
                yield name
                yield from (f"  {line}" for line in lines)
            else:
                yield f"{name} {lines[0]}"
    elif isinstance(value, list) and value:
        for each in value:
            first, *rest = _lines(each)
            yield f"- {first}"
            yield from (f"  {line}" for line in rest)
    else:
        yield _scalar(value)


def _key(key: str) -> str:
    plain = re.fullmatch("[a-z_]+", key) and key not in {"y", "n", "yes", "no", "on", "off", "true", "false"}
    return key if plain and key != "null" else _scalar(key)


def _scalar(value: Any) -> str:
    """Return JSON that YAML reads as the same: what it would not take in quotes is escaped."""
    if isinstance(value, float):
        return re.sub(r"^(-?\d+)e", r"\1.0e", repr(value))
    text = json.dumps(value, ensure_ascii=False)
    return re.sub("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]", lambda found: f"\\u{ord(found[0]):04x}", text)


def journal(file: str, head: str | None = None) -> tuple[Reading, list[str]]:
    """Read an exported journal; return what it adds up to, and what is wrong with it."""
    with open(file, encoding="utf-8", errors="replace") as lines:
        return read(lines, head)


def pack(folder: str, head: str | None = None) -> tuple[Reading, list[str]]:
    """Read a pack: its journal, where it says that this ends, and what it says of each request."""
    said = about(folder)
    reading, problems = journal(f"{folder}/{JOURNAL}", head)
    if list(reading.head) != [said.get("lines"), said.get("head")]:
        problems.append(f"{JOURNAL} does not end where {PACK} says: lines were cut or added")
    unfiled = [id_ for id_, told in reading.requests.items() if "number" not in told]
    problems += [f"the request {id_} has lines, and was never filed" for id_ in unfiled]
    if not problems:
        problems += _differences(_text(f"{folder}/{REQUESTS}"), listed(reading.requests.values()))
    return reading, problems[:MOST]


def about(folder: str) -> dict[str, Any]:
    """Return what a pack says of itself: its format, its tables, how many lines, and the hash of the last."""
    try:
        pairs = (line.partition(": ") for line in _text(f"{folder}/{PACK}").splitlines())
        return {key: json.loads(value) for key, _, value in pairs}
    except ValueError:
        return {}


def _differences(text: str, rows: list[dict[str, Any]]) -> Iterator[str]:
    """Return where a list of requests is not what their lines say."""
    at = 0
    for row in rows:
        said = written([row])
        if not text.startswith(said, at):
            yield f"{REQUESTS} says of #{row['number']} what its lines do not say"
            return
        at += len(said)
    if text[at:] != ("" if rows else written([])):
        yield f"{REQUESTS} lists what was never filed"


def _text(file: str) -> str:
    with open(file, encoding="utf-8") as opened:
        return opened.read()


def verdict(path: str, head: str | None = None) -> tuple[str, bool]:
    """Return what is to be said of a pack, or of an exported journal, and whether it is whole."""
    try:
        reading, problems = pack(path, head)
    except OSError:
        reading, problems = journal(path, head)
    lines, last = reading.head
    return "\n".join(problems) or f"The journal is whole: {lines} lines, head {last}.", not problems


def main(argv: list[str] | None = None) -> int:
    """Say whether a pack, or an exported journal, is whole; return 1 when it is not."""
    parser = argparse.ArgumentParser(description="Prove that a pack's journal is whole.")
    parser.add_argument("path", nargs="?", default=".", help="a pack, or an exported journal; here by itself")
    parser.add_argument("--head", metavar="HASH", help="a published head, which the journal must contain")
    said = parser.parse_args(argv)
    try:
        text, whole = verdict(said.path, said.head)
    except OSError as error:
        parser.error(f"{said.path} is no pack, and no exported journal: {error}")
    print(text)
    return int(not whole)


if __name__ == "__main__":
    sys.exit(main())
