"""As much of absl-py as to_reference.py uses; scripts/check-reference.ts runs it with real torch."""
