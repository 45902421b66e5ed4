"""Pure numerics; each file cites its paper."""
