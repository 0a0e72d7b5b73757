"""A keyring for a process of its own: what it keeps is in one file, named by the variable DRAWER."""

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend


class Drawer(KeyringBackend):
    """The test's keyring."""

    priority = 1.0

    @property
    def file(self) -> Path:
        """Return where it keeps things."""
        return Path(os.environ["DRAWER"])  # noqa: TID251 # nothing else reaches the process it lives in

    def kept(self) -> dict[str, str]:
        """Return what it keeps."""
        held: dict[str, str] = json.loads(self.file.read_text()) if self.file.exists() else {}
        return held

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept().get(f"{service}/{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self.file.write_text(json.dumps(self.kept() | {f"{service}/{username}": password}))

    def delete_password(self, service: str, username: str) -> None:
        raise NotImplementedError
