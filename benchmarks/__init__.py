"""What `voicebot bench` runs."""
