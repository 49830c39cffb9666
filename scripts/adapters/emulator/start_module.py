"""Starts one emulated AWS account: ministack with the gaps closed that our stacks and checks meet.

Settings come by environment, as ministack reads them: MINISTACK_ACCOUNT_ID, GATEWAY_PORT, BIND_HOST.
The gaps are measured at the pinned version (requirements.in); each has a test in gaps.test.ts.
"""

from ministack.app import main

from gaps import close_gaps

if __name__ == "__main__":
    close_gaps()
    main()
