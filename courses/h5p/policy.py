"""What the frame of a content may do: what its page says to the browser in Content-Security-Policy.

The frame has an origin of its own that equals no other, whatever embeds it; it loads from the content
origin alone. `unsafe-eval`: H5P's question sets compile their templates with it (EmbeddedJS), and in a frame
that can reach nothing, evaluating a text gains nothing over the scripts themselves.
"""

from django.conf import settings

from courses.h5p.player_files import SCRIPT_HASH
from courses.packages.addresses import site_origin

# No `allow-same-origin`: no cookie, no storage, no worker, and nothing of the page around it.
SANDBOX = "sandbox allow-scripts allow-forms allow-popups allow-downloads"
# For files by themselves, which play inside a page and are no page.
FILE_POLICY = "sandbox; default-src 'none'"


def frame_policy() -> str:
    """The policy of the player's page."""
    origin = settings.CONTENT_ORIGIN
    return "; ".join(
        [
            SANDBOX,
            "default-src 'none'",
            # blob: for what the page around hands over, which is no more than `unsafe-eval` grants.
            f"script-src {origin} blob: '{SCRIPT_HASH}' 'unsafe-eval'",
            "worker-src 'none'",
            f"style-src {origin} 'unsafe-inline'",
            f"img-src {origin} data: blob:",
            f"media-src {origin} data: blob:",
            f"font-src {origin} data:",
            f"connect-src {origin}",
            "frame-src 'none'",
            f"base-uri {origin}",  # jQuery sets one in the documents in which it parses
            "form-action 'none'",
            f"frame-ancestors {site_origin()}",
        ]
    )
