"""One explanation per kind of problem. A code that ends in the same way for many fields shares one: `*_too_long`."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

Words = str | Promise


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """`code` is that of cases and problems, or begins with `*` and stands for all that end alike."""

    code: str
    title: Words
    cause: Words
    cure: Words

    @property
    def is_shared(self) -> bool:
        return self.code.startswith("*")

    def fits(self, code: str) -> bool:
        return code.endswith(self.code[1:]) if self.is_shared else code == self.code
