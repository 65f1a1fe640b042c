"""The pages on which somebody signs in at a stand-in: plain HTML, no script, and on each that it is a stand-in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from typing import Protocol


class Somebody(Protocol):
    """Who can sign in."""

    @property
    def email(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def role(self) -> str: ...


@cache
def style() -> bytes:
    return (files(__package__) / "style.css").read_bytes()


@dataclass(frozen=True, kw_only=True)
class Pages:
    """Of one stand-in. `title` says for whom it stands in, `sign_in` is what its login is called there."""

    title: str
    password: str
    sign_in: str = "Sign in"

    def frame(self, heading: str, content: str, *, depth: int = 0) -> str:
        """A page; `depth` is how far it lies below the style sheet."""
        return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(heading)} · {self.title}</title>
<link rel="stylesheet" href="{"../" * depth}style.css">
</head>
<body>
<main>
<p class="banner">{self.title}</p>
<h1>{escape(heading)}</h1>
{content}
</main>
</body>
</html>
"""

    def login(self, flow: str, people: Iterable[Somebody], *, email: str, wrong: bool = False, depth: int = 0) -> str:
        """The form with e-mail and password, and whom one can sign in as."""
        complaint = '<p class="error" role="alert">The e-mail address or the password is wrong.</p>' if wrong else ""
        rows = "".join(
            f"<li><strong>{escape(person.email)}</strong> {escape(person.name)}, {escape(person.role)}</li>"
            for person in people
        )
        content = f"""{complaint}
<form method="post" action="login">
<input type="hidden" name="flow" value="{escape(flow)}">
<label for="email">E-mail address</label>
<input id="email" name="email" type="email" value="{escape(email)}" autocomplete="username" required>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button type="submit">{self.sign_in}</button>
</form>
<section class="hint">
<p>Everybody here has the password <code>{self.password}</code>.</p>
<ul>{rows}</ul>
</section>"""
        return self.frame(self.sign_in, content, depth=depth)

    def choose(self, flow: str, what: str, choices: Iterable[tuple[str, str, str]], *, depth: int = 0) -> str:
        """The companies or agreements to choose from: id, name, and what to say of it."""
        buttons = "".join(
            f'<button class="choice" type="submit" name="{what}" value="{escape(id)}">'
            f"<strong>{escape(name)}</strong><span>{escape(said)}</span></button>"
            for id, name, said in choices
        )
        content = f"""<p>Which {what} do you want to use?</p>
<form method="post" action="{what}">
<input type="hidden" name="flow" value="{escape(flow)}">
{buttons}
</form>"""
        return self.frame(f"Choose {what}", content, depth=depth)

    def consent(self, flow: str, client: str, name: str, permissions: Sequence[str]) -> str:
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
        return self.frame("Grant access", content)

    def problem(self, heading: str, sentence: str, *, depth: int = 0) -> str:
        return self.frame(heading, f'<p class="error" role="alert">{escape(sentence)}</p>', depth=depth)
