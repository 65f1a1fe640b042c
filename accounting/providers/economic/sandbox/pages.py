"""The installation pages: plain HTML, no script, and on each of them that this is no real e-conomic."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from html import escape
from importlib.resources import files

from accounting.providers.economic.sandbox.people import PASSWORD, People

TITLE = "Stand-in for e-conomic – no real e-conomic"


@cache
def style() -> bytes:
    return (files(__package__) / "style.css").read_bytes()


def frame(heading: str, content: str) -> str:
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(heading)} · {TITLE}</title>
<link rel="stylesheet" href="style.css">
</head>
<body>
<main>
<p class="banner">{TITLE}</p>
<h1>{escape(heading)}</h1>
{content}
</main>
</body>
</html>
"""


def login(flow: str, people: People, *, email: str = "", wrong: bool = False) -> str:
    """The form with e-mail and password, and whom one can sign in as."""
    complaint = '<p class="error" role="alert">The e-mail address or the password is wrong.</p>' if wrong else ""
    rows = "".join(
        f"<li><strong>{escape(person.email)}</strong> {escape(person.name)}, {escape(person.role)}</li>"
        for person in people.all()
    )
    content = f"""{complaint}
<form method="post" action="login">
<input type="hidden" name="flow" value="{escape(flow)}">
<label for="email">E-mail address</label>
<input id="email" name="email" type="email" value="{escape(email or people.first)}" autocomplete="username" required>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button type="submit">Log in</button>
</form>
<section class="hint">
<p>Everybody here has the password <code>{PASSWORD}</code>.</p>
<ul>{rows}</ul>
</section>"""
    return frame("Log in", content)


def agreement(flow: str, agreements: Sequence[tuple[str, str, str]]) -> str:
    """The agreements to choose from: number, name, and what to say of it."""
    buttons = "".join(
        f'<button class="choice" type="submit" name="agreement" value="{escape(number)}">'
        f"<strong>{escape(name)}</strong><span>{escape(said)}</span></button>"
        for number, name, said in agreements
    )
    content = f"""<p>Which agreement do you want to use?</p>
<form method="post" action="agreement">
<input type="hidden" name="flow" value="{escape(flow)}">
{buttons}
</form>"""
    return frame("Choose agreement", content)


def add(flow: str, app: str, name: str) -> str:
    """What the app asks for, with yes and no."""
    content = f"""<p><strong>{escape(app)}</strong> asks for access to <strong>{escape(name)}</strong>
with the role SuperUser: it can read and change everything in the agreement that its API shows.</p>
<form method="post" action="add" class="answers">
<input type="hidden" name="flow" value="{escape(flow)}">
<button type="submit" name="answer" value="add">Add app</button>
<button class="quiet" type="submit" name="answer" value="cancel">Cancel</button>
</form>"""
    return frame("Add app", content)


def token(app: str, value: str) -> str:
    content = f"""<p><strong>{escape(app)}</strong> was added. Give it this agreement grant token:</p>
<p><code>{escape(value)}</code></p>"""
    return frame("App added", content)


def cancelled(app: str) -> str:
    return frame("Nothing was added", f"<p>{escape(app)} was not given access. You can close this page.</p>")


def problem(sentence: str) -> str:
    return frame("This installation cannot go on", f'<p class="error" role="alert">{escape(sentence)}</p>')
