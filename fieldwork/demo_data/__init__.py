"""A believable firm to try the product with: all people, numbers and addresses are invented."""
