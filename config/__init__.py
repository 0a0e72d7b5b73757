"""Settings and secrets: what a deployment decides, and where its secrets are kept."""

from config.loading import load, outline, written
from config.secrets import Reference, Secrets, reference
from config.settings import Settings

__all__ = ["Reference", "Secrets", "Settings", "load", "outline", "reference", "written"]
