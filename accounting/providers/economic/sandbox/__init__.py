"""A stand-in for e-conomic: both hosts and the installation page, complete and strict; no real e-conomic.

sandbox = Sandbox(Options(customers=200))
with serve(sandbox) as base_url:      # http://127.0.0.1:40123
    site = sandbox.environment(base_url)
"""

from __future__ import annotations

from accounting.providers.economic.sandbox.app import Sandbox, default_app, stand_in
from accounting.providers.economic.sandbox.grants import App, Grant
from accounting.sandbox import serve

__all__ = ["App", "Grant", "Sandbox", "default_app", "serve", "stand_in"]
