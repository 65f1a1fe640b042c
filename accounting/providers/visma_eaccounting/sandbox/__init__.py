"""A stand-in for Visma eAccounting and its identity server, complete and strict; no real Visma.

sandbox = Sandbox(seed=1, customers=200)
with serve(sandbox) as base_url:      # http://127.0.0.1:40123
    API = f"{base_url}/visma_eaccounting/v2"
    IDENTITY = f"{base_url}/visma_eaccounting/identity"
"""

from __future__ import annotations

from accounting.providers.visma_eaccounting.sandbox.app import Sandbox, default_client, stand_in
from accounting.providers.visma_eaccounting.sandbox.identity import Client, Grant
from accounting.sandbox import serve

__all__ = ["Client", "Grant", "Sandbox", "default_client", "serve", "stand_in"]
