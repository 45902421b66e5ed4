"""Steps of a recipe that change records or choose among them."""
