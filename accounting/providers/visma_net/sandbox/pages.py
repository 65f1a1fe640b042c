"""The login pages: plain HTML, no script, and on each of them that this is no real Visma."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from html import escape
from importlib.resources import files

from accounting.providers.visma_net.sandbox.people import PASSWORD, People

TITLE = "Stand-in for Visma – no real Visma"


@cache
def style() -> bytes:
    return (files(__package__) / "style.css").read_bytes()


def frame(heading: str, content: str, *, depth: int) -> str:
    """A page; `depth` is how far below the identity server it lies."""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(heading)} · {TITLE}</title>
<link rel="stylesheet" href="{"../" * depth}style.css">
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
<button type="submit">Sign in</button>
</form>
<section class="hint">
<p>Everybody here has the password <code>{PASSWORD}</code>.</p>
<ul>{rows}</ul>
</section>"""
    return frame("Sign in", content, depth=1)


def company(flow: str, companies: Sequence[tuple[str, str, str]]) -> str:
    """The companies to choose from: id, name, organisation number."""
    buttons = "".join(
        f'<button class="choice" type="submit" name="company" value="{escape(id)}">'
        f"<strong>{escape(name)}</strong><span>{escape(number)}</span></button>"
        for id, name, number in companies
    )
    content = f"""<p>Which company do you want to use?</p>
<form method="post" action="company">
<input type="hidden" name="flow" value="{escape(flow)}">
{buttons}
</form>"""
    return frame("Choose company", content, depth=1)


def consent(flow: str, client: str, name: str, permissions: Sequence[str]) -> str:
    """What the client asks for, in words, with yes and no."""
    asked = "".join(f"<li>{escape(each)}</li>" for each in permissions)
    who, what = escape(client), escape(name)
    content = f"""<p><strong>{who}</strong> asks for access to <strong>{what}</strong>. It wants to:</p>
<ul class="permissions">{asked}</ul>
<form method="post" action="consent" class="answers">
<input type="hidden" name="flow" value="{escape(flow)}">
<button type="submit" name="answer" value="grant">Grant access</button>
<button class="quiet" type="submit" name="answer" value="cancel">Cancel</button>
</form>"""
    return frame("Grant access", content, depth=0)


def problem(sentence: str) -> str:
    return frame("This sign-in cannot go on", f'<p class="error" role="alert">{escape(sentence)}</p>', depth=1)
