"""Errors: a vendor's says whose fault it is."""

import pytest

from bot.core.errors import Denied, Malformed, OutcomeUnknown, Rejected, Unavailable, VendorError


@pytest.mark.parametrize(
    ("kind", "ours"),
    [(Denied, True), (Rejected, True), (Unavailable, False), (Malformed, False), (OutcomeUnknown, False)],
)
def test_whose_fault_it_is(kind: type[VendorError], ours: bool) -> None:
    """A right that our token lacks and a question that is refused are ours to put right."""
    said = kind("ti.to", "No.").whose
    assert said == ("The fault is ours." if ours else "The fault is ti.to's, not ours.")
