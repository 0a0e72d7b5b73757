"""GitHub's REST API for what is in one repository: files, pull requests, workflows, its site."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from integrations.github.calls import Calls
from integrations.github.files import Content, Pull, Ref
from integrations.github.models import Entry, PagesSite
from integrations.github.workflows import Dispatched, WorkflowRun, WorkflowRuns


class Contents(Calls):
    """What is in a repository. Each method that changes something is one call."""

    # files and pull requests

    async def file(self, repository: str, *path: str, ref: str = "") -> Content | None:
        """Return a file on a branch, by default the default one; None when there is none, or a folder."""
        params = {"ref": ref} if ref else None
        answer = await self.http.find(self._repository(repository, "contents", *path), params)
        if answer is None or not isinstance(answer.content, dict):
            return None
        return self.http.fit(Content, answer.content)

    async def put_file(
        self, repository: str, branch: str, path: str, text: str, message: str, sha: str
    ) -> None:
        """Write a file on a branch; *sha* is of the content that it replaces, empty for none."""
        content = {"message": message, "content": b64encode(text.encode()).decode(), "branch": branch}
        where = self._repository(repository, "contents", *path.split("/"))
        await self._write("PUT", where, content | ({"sha": sha} if sha else {}))

    async def head(self, repository: str, branch: str) -> str | None:
        """Return the commit that a branch is at; None when there is no such branch."""
        answer = await self.http.find(self._repository(repository, "git", "ref", "heads", branch))
        return self.http.fit(Ref, answer.content).object.sha if answer else None

    async def add_branch(self, repository: str, branch: str, commit: str) -> None:
        """Make a branch, which begins at a commit."""
        content = {"ref": f"refs/heads/{branch}", "sha": commit}
        await self._write("POST", self._repository(repository, "git", "refs"), content)

    async def pulls(self, repository: str, branch: str = "") -> list[Pull]:
        """Return the open pull requests, or those from a branch."""
        wanted = {"head": f"{self.org}:{branch}"} if branch else {}
        return await self._list(self._repository(repository, "pulls"), Pull, state="open", **wanted)

    async def add_pull(self, repository: str, content: Mapping[str, str]) -> None:
        """Open a pull request: *content* has title, head, base and body."""
        await self._write("POST", self._repository(repository, "pulls"), content)

    async def close_pull(self, repository: str, number: int) -> None:
        """Close a pull request without merging it."""
        await self._write("PATCH", self._repository(repository, "pulls", str(number)), {"state": "closed"})

    # workflows

    async def text(self, repository: str, *path: str) -> str | None:
        """Return a file's content on the default branch; None when there is none."""
        found = await self.file(repository, *path)
        return found.text if found else None

    async def runs(self, repository: str, branch: str) -> list[WorkflowRun]:
        """Return the last runs on a branch, of any workflow, the newest first."""
        path = self._repository(repository, "actions", "runs")
        answer = await self.http.get(path, {"branch": branch, "per_page": 50})
        return [*self.http.fit(WorkflowRuns, answer.content).workflow_runs]

    async def run(self, repository: str, number: str) -> WorkflowRun | None:
        """Return one run."""
        answer = await self.http.find(self._repository(repository, "actions", "runs", number))
        return self.http.fit(WorkflowRun, answer.content) if answer else None

    async def dispatch(self, repository: str, file: str, ref: str, inputs: Mapping[str, str]) -> str:
        """Start a workflow on a branch; return the number of the run, empty where GitHub does not say it."""
        path = self._repository(repository, "actions", "workflows", file, "dispatches")
        content = {"ref": ref, "inputs": inputs} if inputs else {"ref": ref}
        try:
            answer = await self.http.write("POST", path, content)
        finally:
            self.memo.clear()
        started = self.http.fit(Dispatched, answer.content or {})
        return f"{started.workflow_run_id or ''}"

    # sites

    async def set_template(self, repository: str, may: bool) -> None:
        """Let a repository be copied as a template, or no longer."""
        await self._write("PATCH", self._repository(repository), {"is_template": may})

    async def generate(self, template: str, repository: str, private: bool) -> None:
        """Make a repository from a template; its contents arrive a little later."""
        content = {"owner": self.org, "name": repository, "private": private}
        await self._write("POST", self._repository(template, "generate"), content)

    async def folder(self, repository: str, *path: str) -> list[Entry] | None:
        """Return what is in a folder on the default branch; None when there is none, or nothing at all."""
        answer = await self.http.find(self._repository(repository, "contents", *path) + ("" if path else "/"))
        if answer is None or not isinstance(answer.content, list):
            return None
        return [self.http.fit(Entry, each) for each in answer.content]

    async def pages(self, repository: str) -> PagesSite | None:
        """Return how a repository is published; None when it is not."""
        answer = await self.http.find(self._repository(repository, "pages"))
        return self.http.fit(PagesSite, answer.content) if answer else None

    async def add_pages(self, repository: str, content: Mapping[str, Any]) -> None:
        """Publish a repository: *content* says from where it is built. Its name cannot be given here."""
        await self._write("POST", self._repository(repository, "pages"), content)

    async def change_pages(self, repository: str, content: Mapping[str, Any]) -> None:
        """Change how a repository is published."""
        await self._write("PUT", self._repository(repository, "pages"), content)

    async def remove_pages(self, repository: str) -> None:
        """Publish a repository no longer."""
        await self._write("DELETE", self._repository(repository, "pages"))
