"""What the installation pages have of their own; on each of them stands that this is no real e-conomic."""

from __future__ import annotations

from html import escape

from accounting.providers.economic.sandbox.people import PASSWORD
from accounting.sandbox.pages import Pages

PAGES = Pages(title="Stand-in for e-conomic – no real e-conomic", password=PASSWORD, sign_in="Log in")


def add(flow: str, app: str, name: str) -> str:
    """What the app asks for, with yes and no."""
    content = f"""<p><strong>{escape(app)}</strong> asks for access to <strong>{escape(name)}</strong>
with the role SuperUser: it can read and change everything in the agreement that its API shows.</p>
<form method="post" action="add" class="answers">
<input type="hidden" name="flow" value="{escape(flow)}">
<button type="submit" name="answer" value="add">Add app</button>
<button class="quiet" type="submit" name="answer" value="cancel">Cancel</button>
</form>"""
    return PAGES.frame("Add app", content)


def token(app: str, value: str) -> str:
    content = f"""<p><strong>{escape(app)}</strong> was added. Give it this agreement grant token:</p>
<p><code>{escape(value)}</code></p>"""
    return PAGES.frame("App added", content)


def cancelled(app: str) -> str:
    return PAGES.frame("Nothing was added", f"<p>{escape(app)} was not given access. You can close this page.</p>")
