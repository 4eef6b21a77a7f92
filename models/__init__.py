"""Who answers: the registry, the call layer, adapters and offline models."""
