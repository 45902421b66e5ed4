"""Where a recipe's records come from."""
