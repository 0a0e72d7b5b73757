"""The same over HTTP with PostgreSQL, one process for the web and one for the work."""

from tests.elsewhere.conftest import Deploy
from tests.elsewhere.test_main_job import ended_well, the_main_job
from tests.postgres import Server


def test_push_is_granted_by_two_processes(deploy: Deploy, postgres: Server) -> None:
    """Migrated first, as the refusal to start says; then served by one process and carried out by another."""
    with postgres.database() as url:
        bot = deploy(database=url, graphql=401)
        refused = bot.infra("serve")
        assert refused.returncode != 0
        assert "infra migrate" in refused.stderr
        assert bot.infra("migrate").returncode == 0
        web, worker = bot.serve("--no-jobs", anew=True), bot.start("worker", anew=True)
        the_main_job(bot)
        ended_well(bot, web, worker)
        database = int(url.partition("127.0.0.1:")[2].partition("/")[0])
        assert {port for _, port in bot.remotes} == {bot.slack.port, bot.github.port, database}
