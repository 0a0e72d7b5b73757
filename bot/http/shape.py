"""What vendors answer, as models."""

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """Part of a vendor's answer: fields it does not name are dropped, errors never repeat what was sent.

    Its validator is built when it is first needed: a bot knows more vendors than it asks.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True, defer_build=True)
