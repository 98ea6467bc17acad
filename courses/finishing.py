"""How much of a lesson must have been played, read or open for it to be finished."""

# Of its distinct seconds (domain §3), also of the film inside an interactive video.
FINISHED_PERCENT = 95
# Of the time that a package asks for: quick people need less (ADR 0028).
LEAST_OPEN_PERCENT = 50
