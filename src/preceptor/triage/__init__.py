"""From traces to ranked failure modes."""
