"""Training, fine-tuning and measuring of models. Nothing that segments imports this package."""
