"""How somebody who may log in at Heroku does there, by hand, what the bot does."""

from bot.core.runbook import ByHand, Call, Runbook
from integrations.heroku.builds import BUILD, tarball
from integrations.heroku.resources import FORMATION, MAINTENANCE, RELEASE, RESTART
from integrations.heroku.settings import HerokuSettings

PAGE = "https://github.com/ORGANISATION/REPOSITORY"


def runbook(settings: HerokuSettings) -> Runbook:
    """Return how an app is looked after."""
    page, app = "https://dashboard.heroku.com/apps/APP", f"{settings.url}/apps/APP"
    return Runbook(
        headers=(
            "Authorization: Bearer $HEROKU_TOKEN",
            "Accept: application/vnd.heroku+json; version=3",
        ),
        pages={
            FORMATION.name: ByHand(
                what="How many dynos of a type an app has",
                where=f"{page}/resources: the pencil of the type. Or `heroku ps:scale web=1 --app APP`.",
                calls=(Call(what="Scale", method="PATCH", url=f"{app}/formation/web", body={"quantity": 1}),),
            ),
            MAINTENANCE.name: ByHand(
                what="Whether an app shows that it is being worked on",
                where=f"{page}/settings: Maintenance Mode. Or `heroku maintenance:on --app APP`.",
                calls=(Call(what="Switch it on", method="PATCH", url=app, body={"maintenance": True}),),
            ),
            RELEASE.name: ByHand(
                what="Which release of an app runs",
                where=f"{page}/activity: Roll back to here. Or `heroku rollback v42 --app APP`. "
                "It brings back the config vars of then, and not the database.",
                calls=(
                    Call(what="Find a release's ID", method="GET", url=f"{app}/releases"),
                    Call(what="Roll back", method="POST", url=f"{app}/releases", body={"release": "ID"}),
                ),
            ),
            RESTART.name: ByHand(
                what="A restart of an app",
                where=f"{page}: More, Restart all dynos. Or `heroku ps:restart --app APP`.",
                calls=(Call(what="Restart", method="DELETE", url=f"{app}/dynos"),),
            ),
            BUILD.name: ByHand(
                what="A build of an app from its repository",
                where="In a clone of the repository: `heroku git:remote --app APP`, `git push heroku main`. "
                f"Or {page}/deploy: Manual deploy, where GitHub is connected. {page}/activity shows the log.",
                calls=(
                    Call(
                        what="Build a commit of a public repository",
                        method="POST",
                        url=f"{app}/builds",
                        body={"source_blob": {"url": tarball(PAGE, "COMMIT"), "version": "COMMIT"}},
                    ),
                    Call(what="See how it goes", method="GET", url=f"{app}/builds"),
                ),
            ),
        },
    )
