"""The card of a request, in each of its states."""

from datetime import timedelta
from typing import Any

from bot.core.change import Plan
from bot.core.event import Kind
from bot.core.people import Role
from bot.frontends.slack.card import card
from tests.frontends.slack.drawing import (
    PLAN,
    approved,
    by,
    case,
    drawn,
    finished,
    happened,
    invited,
    outcome,
    pressed,
    request,
)

WHAT = "*What changes on GitHub*\n"
NUMBERED = """1. organiser-1 joins team *core* (now: not in it)
2. *2026.pyconuk.org* joins core with *Write* (now: Read)"""
DONE = """✅ organiser-1 joins team *core* (was: not in it)
✅ *2026.pyconuk.org* joins core with *Write* (was: Read)"""
HEAD = '# Push access for organiser-1: website\norganiser-2 asks: "looks after the schedule page"\n'
GAINS = """*Who gains what*
• organiser-1: Write on *9 repositories*, this one included
• *23 people* in core: Write on this repository
GitHub: organiser-1, account since 2014. No end date. Can be undone.
"""
OWNERS = "Charlie, Cory, George, Kristian, Owen or Peter"


def shown(*events: Any, **given: Any) -> str:
    """Return the card after *events*."""
    return drawn(card(case(*events, **given)))


def test_pending() -> None:
    """An open request shows what changes, who gains, who decides and until when."""
    assert shown() == (
        f"{HEAD}{WHAT}{NUMBERED}\n{GAINS}*One owner decides:* {OWNERS}\n"
        "(#42 · Open until Thu 18 Jun, 09:05. After that nothing happens.)\n[Approve] [Deny…]"
    )


def test_notification() -> None:
    """The phone's line says who gets what and who asked."""
    assert card(case()).text == (
        "#42 needs an owner: organiser-1: Write on 9 repositories, this one included; "
        "23 people in core: Write on this repository. Asked by organiser-2."
    )


def test_a_wide_plan_is_confirmed() -> None:
    """Approving what reaches more than one person or repository asks again, naming them."""
    button = pressed(card(case()), "Approve")
    assert button["value"] == f"0f3a {request().digest[:12]}"
    assert button["confirm"]["title"]["text"] == "Approve #42?"
    assert button["confirm"]["text"]["text"] == (
        "organiser-1: Write on 9 repositories, this one included; 23 people in core: Write on this "
        "repository. GitHub changes at once. You can undo it."
    )


def test_the_confirm_dialog_keeps_its_limit() -> None:
    """However many gain, the dialog ends with what happens and fits."""
    plan = PLAN.model_copy(update={"gains": ("x" * 500,)})
    text = pressed(card(case(of=request(plan))), "Approve")["confirm"]["text"]["text"]
    assert len(text) <= 300
    assert text.endswith("GitHub changes at once. You can undo it.")


def test_a_small_plan_is_not_confirmed() -> None:
    """One person on one repository needs no second question."""
    plan = PLAN.model_copy(update={"wide": False})
    assert "confirm" not in pressed(card(case(of=request(plan))), "Approve")


def test_protected() -> None:
    """A protected request says why two owners are needed, and asks for any two."""
    filed = request(needs=2, protected=("owner list",))
    text = shown(of=filed)
    assert "⚠️ *Two owners are needed:* owner list.\n" in text
    assert f"*Two owners decide:* any two of {OWNERS.replace(' or ', ' and ')}\n" in text
    assert pressed(card(case(of=filed)), "Approve")["confirm"]


def test_protected_and_asked_by_an_owner() -> None:
    """An owner who asks for something protected is the first of the two."""
    text = shown(of=request(asker="George", needs=2, protected=("owner list",)))
    assert (
        "*One more owner decides* (George, who asks, is the first): Charlie, Cory, Kristian, Owen or Peter"
        in text
    )


def test_half_approved() -> None:
    """After the first of two approvals the card says who is left to decide."""
    text = shown(approved("Cory", start_at=None), of=request(needs=2, protected=("owner list",)))
    assert (
        "Approved by Cory 09:41. *One more owner decides:* Charlie, George, Kristian, Owen or Peter" in text
    )
    assert text.endswith("[Approve] [Deny…]")


def test_a_plan_that_only_takes_away() -> None:
    """Who loses what is called so, on the card and on the phone, and no end date is spoken of."""
    plan = PLAN.model_copy(update={"gains": (), "losses": ("organiser-1: loses access to *9 repositories*",)})
    text = shown(of=request(plan))
    assert "*Who loses what*\n• organiser-1: loses access to *9 repositories*\n" in text
    assert "gains" not in text
    assert "No end date" not in text
    assert "needs an owner: organiser-1: loses access to 9 repositories." in card(case(of=request(plan))).text


def test_without_a_reason() -> None:
    """A request without a reason says so."""
    assert "organiser-2 asks, without giving a reason." in shown(
        of=request(PLAN.model_copy(update={"reason": ""}))
    )


def test_an_end_is_part_of_what_is_approved() -> None:
    """A time-bound grant shows when it ends and what changes back then."""
    plan = PLAN.model_copy(update={"lasts": timedelta(days=14), "ending": (PLAN.changes[0],)})
    text = shown(of=request(plan))
    assert "*What changes back at its end*\n• organiser-1 joins team *core*" in text
    assert "Ends 14 days after approval. Can be undone." in text
    dated = PLAN.model_copy(update={"ends_at": request().at + timedelta(days=14)})
    assert "Ends Mon 29 Jun, 09:05. Can be undone." in shown(of=request(dated))


def test_a_pause_and_a_start_are_told_before() -> None:
    """Who decides reads that the change comes later and can be stopped."""
    plan = PLAN.model_copy(update={"run_at": request().at + timedelta(hours=10)})
    filed = request(plan, wait=timedelta(minutes=15))
    text = shown(of=filed)
    assert "Starts Mon 15 Jun, 19:05 at the earliest. After approval there is a pause of 15 minutes" in text
    confirm = pressed(card(case(of=filed)), "Approve")["confirm"]["text"]["text"]
    assert "GitHub changes later, as the card says." in confirm


def test_the_only_owner() -> None:
    """Where policy lets the only owner approve alone, the card says so loudly."""
    lonely = case(of=request(asker="George"), self_approval="sole-owner")
    people = tuple(p for p in lonely.situation.people if p.name == "George" or p.role is not Role.OWNER)
    lonely = type(lonely)(
        lonely.request,
        lonely.status,
        type(lonely.situation)(people, lonely.situation.policy, lonely.situation.zone, lonely.situation.now),
        lonely.titles,
    )
    said = "⚠️ *George is the only owner* and approves alone, twice, an hour apart."
    assert said in drawn(card(lonely))
    once = case(approved("George", start_at=None), of=request(asker="George"), self_approval="sole-owner")
    again = type(lonely)(lonely.request, once.status, lonely.situation, lonely.titles)
    assert f"{said} First 09:41; again from 10:41." in drawn(card(again))


def test_pausing() -> None:
    """During the pause the card says when it starts, and any organiser can stop it."""
    start = (request().at + timedelta(minutes=51)).isoformat()
    text = shown(approved(start_at=start))
    assert text.endswith(
        "Approved by Cory 09:41. *Starts 09:56*; any organiser can stop it until then.\n(#42)\n[Stop]"
    )


def test_alone() -> None:
    """Applying alone is shown as what it is, with its reason."""
    start = (request().at + timedelta(minutes=51)).isoformat()
    text = shown(approved("George", start_at=start, alone=True, reason="the site is down"))
    assert '*George applies this alone* (09:41): "the site is down". *Starts 09:56*' in text


def test_applying() -> None:
    """While it is applied each step shows how far it is."""
    events = (approved(), happened(Kind.APPLYING), outcome(0, "done"), happened(Kind.STARTED, step="apply:1"))
    assert shown(*events) == (
        f"{HEAD}{WHAT}✅ organiser-1 joins team *core* (was: not in it)\n"
        "⏳ *2026.pyconuk.org* joins core with *Write* (now: Read)\n"
        f"{GAINS}*Applying.* Approved by Cory 09:41.\n(#42)"
    )


def test_held_up() -> None:
    """What holds a request up is shown."""
    text = shown(approved(), happened(Kind.APPLYING), happened(Kind.NOTED, text="GitHub does not answer."))
    assert "*Applying.* Approved by Cory 09:41.\n⏳ GitHub does not answer." in text


def test_applied() -> None:
    """What is done says who approved, that it was checked, and offers to undo it."""
    events = (approved(), outcome(0, "done"), outcome(1, "already_so"), finished("applied"))
    assert shown(*events) == (
        f"{HEAD}{WHAT}{DONE} (it was so already)\n"
        "*Applied.* Approved by Cory 09:41, checked on GitHub 09:41.\n(#42)\n[Undo]"
    )
    assert card(case(*events)).text == "#42 is applied: Push access for organiser-1: website"


def test_undo_is_offered_for_a_day() -> None:
    """After a day there is no button any more; undoing is an ordinary plan then."""
    events = (approved(), outcome(0, "done"), outcome(1, "done"), finished("applied"))
    assert "[Undo]" in shown(*events, minutes=60 * 24)
    assert "[Undo]" not in shown(*events, minutes=60 * 25)


def test_the_end_of_a_grant() -> None:
    """An applied grant says when it ends, and later that it ended."""
    plan = PLAN.model_copy(update={"lasts": timedelta(days=14)})
    events = (approved(), outcome(0, "done"), outcome(1, "done"), finished("applied"))
    assert "checked on GitHub 09:41. Ends Mon 29 Jun, 09:41.\n" in shown(*events, of=request(plan))
    ended = happened(Kind.ENDED, minutes=60 * 24 * 14 + 36)
    text = shown(*events, ended, of=request(plan))
    assert "checked on GitHub 09:41. *Ended Mon 29 Jun, 09:41.*\n" in text
    assert "[Undo]" not in text


def test_the_end_of_what_moved() -> None:
    """What is no longer what was granted is left at its end, and people are asked to look."""
    plan = PLAN.model_copy(update={"lasts": timedelta(days=14)})
    events = (approved(), outcome(0, "done"), outcome(1, "done"), finished("applied"))
    ended = happened(Kind.ENDED, minutes=60 * 24 * 14 + 36, clean=False)
    assert (
        "*Its end came Mon 29 Jun, 09:41, but I took nothing away:* it is not what was granted any more. "
        "Please look, and ask for what should be."
    ) in shown(*events, ended, of=request(plan))


def test_waiting() -> None:
    """An invitation that waits is never called done; what a vendor is still at is not called applied."""
    detail = "organiser-1 is invited and must accept by 22 Jun; no push until then"
    text = shown(approved(), invited(0, "organiser-1", detail), outcome(1, "done"), finished("waiting"))
    assert f"*Applied.* Approved by Cory 09:41, checked on GitHub 09:41. {detail}" in text
    detail = "GitHub has no certificate yet"
    text = shown(approved(), outcome(0, "waiting", detail), outcome(1, "done"), finished("waiting"))
    assert text == (
        f"{HEAD}{WHAT}⏳ organiser-1 joins team *core* (now: not in it)\n"
        "✅ *2026.pyconuk.org* joins core with *Write* (was: Read)\n"
        f"{GAINS}*Started.* Approved by Cory 09:41, checked on GitHub 09:41. {detail}.\n(#42)\n[Undo]"
    )


def test_what_happens_next_to_an_invitation() -> None:
    """While somebody must accept, the card says when they were asked and when they are asked again."""
    events = (approved(), outcome(1, "done"), invited(0, "organiser-1", "They must accept"))
    waiting = (*events, finished("waiting"))
    assert "They must accept. Next: asked again Wed 17 Jun.\n" in shown(*waiting)
    asked = happened(Kind.REMINDED, minutes=60 * 48 + 36, stage="day 2", names="organiser-1")
    assert "Asked Wed 17 Jun, 09:41. Next: asked again Sat 20 Jun.\n" in shown(*waiting, asked)
    only = request(PLAN.model_copy(update={"changes": PLAN.changes[:1]}))
    gone = invited(0, "organiser-1", "It is gone again", "failed")
    partly = shown(*waiting, asked, gone, finished("partial"))
    assert "*Only partly applied: organiser-1 did not accept.* Approved by Cory 09:41. It is gone" in partly
    alone = shown(approved(), gone, finished("failed"), of=only)
    assert "*organiser-1 did not accept.* Approved by Cory 09:41. It is gone again.\n" in alone


def test_drifted() -> None:
    """When the live state moved, nothing was changed, and what is there now is said."""
    text = shown(
        approved(), outcome(0, "drifted", "Now: organiser-1 is a maintainer of core"), finished("drifted")
    )
    assert text == (
        f"{HEAD}{WHAT}⚠️ organiser-1 joins team *core* (now: not in it)\n"
        "▫️ *2026.pyconuk.org* joins core with *Write* (now: Read)\n"
        "*Not applied: GitHub changed meanwhile.* We changed nothing. "
        "Now: organiser-1 is a maintainer of core.\n(#42)"
    )


def test_partial() -> None:
    """A plan that stopped midway shows what is done and what is not."""
    text = shown(
        approved(), outcome(0, "done"), outcome(1, "failed", "GitHub: not found"), finished("partial")
    )
    assert "✅ organiser-1 joins" in text
    assert "❌ *2026.pyconuk.org* joins" in text
    assert "*Only partly applied.* Approved by Cory 09:41. GitHub: not found." in text
    assert "organiser-2 can *continue* with what is left; *Undo* takes back what was done.\n(#42)" in text
    assert text.endswith("[Undo]")


def test_restored() -> None:
    """A plan that promised to restore says whether it could."""
    events = (approved(), outcome(0, "done"), outcome(1, "failed", "GitHub: not found"))
    back = shown(*events, outcome(0, "done", phase="restore"), finished("partial"))
    assert "What was done was put back. GitHub: not found." in back
    stuck = shown(*events, outcome(0, "failed", phase="restore"), finished("partial"))
    assert "Not all that was done could be put back." in stuck


def test_failed() -> None:
    """A failure says that nothing changed, and why."""
    text = shown(approved(), outcome(0, "failed", "GitHub: the token may not do this"), finished("failed"))
    assert (
        "*Failed: nothing was changed.* Approved by Cory 09:41. GitHub: the token may not do this.\n(#42)"
        in text
    )


def test_unknown() -> None:
    """What cannot be known is asked, not guessed."""
    text = shown(approved(), outcome(0, "unknown", "The answer was lost"), finished("unknown"))
    assert "❓ organiser-1 joins" in text
    assert "*Unknown: please look at GitHub.* Approved by Cory 09:41. The answer was lost.\n(#42)" in text


def test_denied() -> None:
    """A denied request says by whom and why, and keeps no buttons."""
    text = shown(happened(Kind.DENIED, "Cory", reason="not before\nthe rota"))
    assert (
        text
        == f'{HEAD}{WHAT}{NUMBERED}\n*Denied by Cory 09:41*: "not before the rota". Nothing happened.\n(#42)'
    )


def test_withdrawn() -> None:
    """A withdrawn request says by whom."""
    assert "*Withdrawn by organiser-2 09:41*. Nothing happened.\n(#42)" in shown(
        happened(Kind.WITHDRAWN, "organiser-2")
    )


def test_stopped() -> None:
    """A request stopped in its pause says so."""
    start = (request().at + timedelta(minutes=51)).isoformat()
    text = shown(approved(start_at=start), happened(Kind.STOPPED, "organiser-1", minutes=40))
    assert "*Stopped by organiser-1 09:45*. Nothing happened.\n(#42)" in text


def test_expired() -> None:
    """An expired request says when, on another day with its date."""
    text = shown(happened(Kind.EXPIRED, minutes=72 * 60))
    assert "*Expired Thu 18 Jun, 09:05.* Nobody decided in time; nothing happened.\n(#42)" in text


def test_what_others_wrote_is_only_shown() -> None:
    """Neither a reason nor a change can ping a channel or fake a link."""
    plan = Plan(title="<!here>", reason="<!channel> <https://evil|GitHub>", changes=PLAN.changes[:1])
    text = shown(of=request(plan))
    assert '"&lt;!channel&gt; &lt;https://evil|GitHub&gt;"' in text
    assert card(case(of=request(plan))).text.count("<!") == 0


def test_an_undo_may_be_approved_by_who_asks() -> None:
    """An undo restores what was there, so who asks for it may decide."""
    assert by("George").role is Role.OWNER
    assert OWNERS in shown(of=request(asker="George", undoes="0e11"))


def test_a_run() -> None:
    """What was started is said to be so until it ends; it cannot be undone, and red is not called nothing."""
    plan = PLAN.model_copy(update={"back_within": timedelta(0), "changes": PLAN.changes[:1]})
    asked = request(plan)
    assert "No end date. Cannot be undone." in shown(of=asked)
    assert pressed(card(case(of=asked)), "Approve")["confirm"]["text"]["text"].endswith(
        "It cannot be undone."
    )

    def ran(what: str) -> Any:
        link = "Build 7 (https://builds.example/7)"
        return happened(Kind.OUTCOME, step="apply:0", outcome=what, detail=link, run="7")

    waiting = shown(approved(), ran("waiting"), finished("waiting"), of=asked)
    assert waiting.endswith(
        "*Started.* Approved by Cory 09:41, checked on GitHub 09:41. Build 7 (https://builds.example/7).\n(#42)"
    )
    red = shown(approved(), ran("failed"), finished("failed"), of=asked)
    assert "*Failed.* Approved by Cory 09:41. Build 7 (https://builds.example/7)." in red
