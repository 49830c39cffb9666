"""Starts one emulated AWS account: ministack with the gaps closed that our stacks and checks meet.

Settings come by environment, as ministack reads them: MINISTACK_ACCOUNT_ID, GATEWAY_PORT, BIND_HOST.
The gaps are measured at the pinned version (requirements.in); each has a test beside this file.
"""

import os
import signal
import threading
import time

from ministack.app import main

from gaps import close_gaps


def end_with_parent() -> None:
    """Ends this process group once the process that started it is gone. For tests, which can be killed."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os.killpg(os.getpgrp(), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    if os.environ.get("EMULATOR_ENDS_WITH_PARENT"):
        end_with_parent()
    close_gaps()
    main()
