"""Station viewing: one screen, many people, and a roll that is marked on one device."""
