"""Villages and townships that are merged: judged, shown, and written whole or not at all."""
