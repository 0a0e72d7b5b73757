"""The address of a vendor's API, as a settings model has it."""

from typing import Annotated

from pydantic import AfterValidator
from yarl import URL


def _address(text: str) -> str:
    url = URL(text)
    if url.scheme not in {"http", "https"} or not url.host or url.query or url.fragment:
        raise ValueError(f"{text!r} is not an address: write for example https://api.github.com")
    return text.rstrip("/")


Address = Annotated[str, AfterValidator(_address)]
