"""The conformance kit: our side played against a switch, and a switch played against our bridge."""
