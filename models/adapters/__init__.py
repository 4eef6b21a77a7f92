"""How a rendered prompt and a clip go to a model: one file a family of clients."""
