"""The main job: the whole loop on a real model."""
