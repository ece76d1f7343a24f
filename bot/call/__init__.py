"""One conversation with one customer: ears, mind, mouth, the turn-taking core between them, and the tape."""
