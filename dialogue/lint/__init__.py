"""What would hurt a call although Rasa trains it: rules over a script's files, in well under a second a script."""
