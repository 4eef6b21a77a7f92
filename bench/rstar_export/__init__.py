"""r* as data for others: JSONL, parquet, the shape of AVRT, and a data card."""
