"""How to get in when nobody can: what these vendors are known to do; nobody tried it out.

What no page of the vendor was read for says so: it may be otherwise, and is no reason to wait.
"""

from bot.core.values import Value


class Recovery(Value):
    """A way back in: by which route, what is to be proved, whom to ask; *read* are those that a page says."""

    route: str
    proof: str
    contact: str
    read: frozenset[str] = frozenset()

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return each part with its name, and whether it is unsure."""
        names = {"route": "When nobody can", "proof": "What is to be proved", "contact": "Whom to ask"}
        return tuple(
            (name if part in self.read else f"{name} (unsure)", getattr(self, part))
            for part, name in names.items()
        )


_RESET = "The password is reset by the e-mail address of the account"
_OURS = "invoices, and that the domain is ours"

RECOVERY = {
    "dnsimple": Recovery(
        route=f"{_RESET}; a Teams account can have a second user.",
        proof=f"The account's e-mail address, {_OURS}.",
        contact="support@dnsimple.com",
    ),
    "error_tracking": Recovery(
        route="An owner of the organisation invites somebody else; a free plan has one seat alone.",
        proof="The e-mail address of the owner's account.",
        contact="https://sentry.zendesk.com, or GlitchTip's support",
    ),
    "github": Recovery(
        route="Any owner invites you anew: `owners add`.",
        read=frozenset({"route"}),  # docs.github.com, REST: organization memberships
        proof="A recovery code, a device or an SSH key of an owner's account; that the domain is ours.",
        contact="https://support.github.com",
    ),
    "heroku": Recovery(
        route=f"{_RESET}; collaborators and team admins can get in as well.",
        proof="A recovery code of the second factor, or the account's e-mail address and invoices.",
        contact="https://help.heroku.com",
    ),
    "onepassword": Recovery(
        route="An owner recovers the accounts of members, and lets in to every vault: have two owners.",
        read=frozenset({"route"}),  # 1password/for-open-source, developer.1password.com
        proof="The Emergency Kit: the Secret Key and the account's password.",
        contact="support@1password.com",
    ),
    "readthedocs": Recovery(
        route=f"{_RESET}; any maintainer of the project adds another.",
        proof="Write access to the repository that is built.",
        contact="support@readthedocs.org",
    ),
    "registrar": Recovery(
        route=f"{_RESET}, which should not be one at our own domain.",
        proof="An identity document of the account's holder, and invoices.",
        contact="https://www.123-reg.co.uk/support",
    ),
    "slack_workspaces": Recovery(
        route="The primary owner of the workspace makes others owners; a lost password is reset by e-mail.",
        proof="The e-mail address of an owner's account.",
        contact="https://slack.com/help/contact",
    ),
    "tito": Recovery(
        route=f"{_RESET}; whoever is in the account's team invites others.",
        proof="The account's e-mail address, and to whom the tickets' money is paid out.",
        contact="support@tito.io",
    ),
    "travis_ci": Recovery(
        route="It knows people by GitHub: whoever is an owner there gets in.",
        proof="None besides GitHub's.",
        contact="support@travis-ci.com",
    ),
    "twilio": Recovery(
        route=f"{_RESET}; its owner invites other administrators.",
        proof="The recovery code of the second factor, or the telephone number and invoices.",
        contact="https://help.twilio.com",
    ),
}
