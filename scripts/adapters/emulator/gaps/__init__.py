"""What the pinned ministack lacks and our stacks need, one module per service.

Each module has one `close()`, which registers handlers in ministack's own tables. A handler writes into the store
that ministack's API of that service reads, so a Describe call shows what CloudFormation made.
"""

from . import alarms, api_gateway, buckets, identity, network, recorded, scaling, settings, tables, tags, templates


def close_gaps() -> None:
    for module in (network, scaling, alarms, identity, buckets, tables, api_gateway, tags, settings, templates, recorded):
        module.close()
