"""What Sentry and GlitchTip answer, in their own words."""

from pydantic import AwareDatetime, Field

from bot.http.shape import Shape


class Issue(Shape):
    """One kind of error; how often it was seen comes as text."""

    id: str
    short: str = Field("", alias="shortId")
    title: str
    count: int = 0
    first_seen: AwareDatetime = Field(alias="firstSeen")
    last_seen: AwareDatetime = Field(alias="lastSeen")
    link: str = Field("", alias="permalink")
