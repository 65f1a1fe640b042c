"""Pages of the field work, one module per kind of record."""
