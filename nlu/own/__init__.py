"""Models of other people's data: any labels, either language, beside the registry and never in service."""
