"""Models are built when they are first needed; that each can be is found here."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

import bot.app as _everything  # noqa: F401 # with it all modules are imported


def _below(kind: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


def test_each_model_can_be_built() -> None:
    """No annotation names what is not there."""
    roots = ("bot.", "commands.", "config.", "integrations.")
    ours: list[Any] = [model for model in _below(BaseModel) if model.__module__.startswith(roots)]
    assert len(ours) > 200
    assert [model for model in ours if model.model_rebuild() is False] == []
