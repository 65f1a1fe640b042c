"""How much more than the bare minimum an import costs: `make bench`.

The same customers are read from a page server twice: by the product, and by a floor of a few lines that parses
every page and writes it in the fastest way that the database offers, with no fingerprints, links, counts,
restarts or inbox. The ratio of the two does not depend on the machine.
"""

from __future__ import annotations
