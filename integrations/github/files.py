"""GitHub's answers about files, branches and pull requests, in its own words."""

from base64 import b64decode

from pydantic import Field

from bot.http.shape import Shape


class Content(Shape):
    """A file with its *content*, in base64 with line breaks; *sha* is needed to change it."""

    content: str = Field("", repr=False)
    sha: str = ""

    @property
    def text(self) -> str:
        """Return the content as text."""
        return b64decode(self.content).decode(errors="replace")


class Object(Shape):
    """What a reference points at."""

    sha: str


class Ref(Shape):
    """A reference, such as a branch."""

    object: Object


class Side(Shape):
    """A branch, as a pull request names it."""

    ref: str


class Pull(Shape):
    """A pull request: from *head* into *base*."""

    number: int
    title: str = ""
    html_url: str = ""
    head: Side
    base: Side
