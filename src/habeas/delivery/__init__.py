"""Mail to supporters: confirmations, news, unsubscribing."""
