"""Small things every layer needs: errors, clock, ids, addresses, languages, durable writes."""
