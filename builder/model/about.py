"""What this program is, and when it began."""

import time

__version__ = "0.2.0"
# When this process began, in seconds of `time.monotonic`: where the time went is counted from here.
STARTED = time.monotonic()
