"""A call through the microphone and the loudspeaker of this computer, in real time and without a switch."""
