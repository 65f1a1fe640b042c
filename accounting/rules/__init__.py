"""What every accounting system refuses, in the same words. How long, how many and whether at all says the provider."""
