"""Write training records with a model, under control: from seeds, over a grid, within limits."""
