"""Forms of the field work, each bound to one organization."""
