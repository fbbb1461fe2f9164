"""The ledger of pressure: entries, the journal they are made durable in, the fold, the store."""
