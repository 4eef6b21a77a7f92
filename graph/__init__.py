"""The stateful graph: state, context, routes, wiring."""
