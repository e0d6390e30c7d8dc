"""What became of an email: provider_events (what a provider reports of it), bounces, record_text."""
