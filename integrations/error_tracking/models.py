"""What Sentry and GlitchTip answer, in their own words."""

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class Issue(BaseModel):
    """One kind of error; how often it was seen comes as text."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    id: str
    short: str = Field("", alias="shortId")
    title: str
    count: int = 0
    first_seen: AwareDatetime = Field(alias="firstSeen")
    last_seen: AwareDatetime = Field(alias="lastSeen")
    link: str = Field("", alias="permalink")
