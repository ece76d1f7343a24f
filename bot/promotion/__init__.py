"""What stands between a trained model of meaning and calls: what the scripts need of it, and what tapes say."""
