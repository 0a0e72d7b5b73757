"""The page of vendors is what the code says."""

from tests.vendors import PAGE, page


async def test_the_page_of_vendors_is_up_to_date() -> None:
    """Reads, changes, costs, health, webhooks, faults and routes of each vendor are computed, not typed."""
    assert PAGE.read_text(encoding="utf-8") == await page(), "`python -m tests.vendors` writes it anew"
