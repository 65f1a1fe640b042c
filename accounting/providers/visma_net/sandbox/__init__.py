"""A stand-in for Visma.net ERP, its sales order service and its login server, complete and strict; no real Visma.

sandbox = Sandbox(Options(customers=200))
with serve(sandbox) as base_url:      # http://127.0.0.1:40123
    API = f"{base_url}/visma_net/erp"            # /v1/customer …
    ORDERS = f"{base_url}/visma_net/orders"      # /api/v3/SalesOrders …
    IDENTITY = f"{base_url}/visma_net/identity"  # /connect/token …
"""

from __future__ import annotations

from accounting.providers.visma_net.sandbox.app import Sandbox, default_client, stand_in
from accounting.providers.visma_net.sandbox.identity import Client, Grant
from accounting.sandbox import serve

__all__ = ["Client", "Grant", "Sandbox", "default_client", "serve", "stand_in"]
