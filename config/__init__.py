"""Settings and secrets: what a deployment decides, and where its secrets are kept."""

from config.loading import load, outline, read, references
from config.secrets import Reference, Secrets, reference
from config.settings import Settings, shape

__all__ = ["Reference", "Secrets", "Settings", "load", "outline", "read", "reference", "references", "shape"]
