"""One folder per accounting system. Plain typed Python; only the registry imports them."""
