"""How a repository is published by GitHub Pages."""

from dataclasses import dataclass
from datetime import datetime, timedelta

CERTIFYING = timedelta(minutes=6)
STAGES = ("new", "authorization_pending", "authorized")


@dataclass
class Site:
    """From where a site is built, and its own name with its certificate.

    *named_at* is when it got its name (None: long ago), *broken* the state in
    which its certificate is stuck, *protected* whether its domain is verified.
    """

    branch: str
    path: str = "/"
    build_type: str = "legacy"
    cname: str | None = None
    named_at: datetime | None = None
    https_enforced: bool = False
    broken: str | None = None
    protected: str | None = None

    def certificate(self, now: datetime) -> str | None:
        """Return how far the certificate is: asked for, then authorized, then there; None without a name."""
        if self.cname is None:
            return None
        passed = (now - self.named_at) / CERTIFYING if self.named_at else 1
        return self.broken or (STAGES[int(passed * len(STAGES))] if passed < 1 else "approved")
