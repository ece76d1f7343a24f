"""The product: one call, the `voicebot` command, and (later) campaigns, people, reports and the web."""
