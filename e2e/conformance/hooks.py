"""Who asks, and how numbers are written."""

import itertools
import os

import schemathesis

# Several people, so that no one of them is too fast at once; or nobody.
class Somebody:
    def __init__(self):
        with open(os.environ["STONECHAT_TEST_TOKENS"], encoding="utf-8") as tokens:
            self.tokens = itertools.cycle(tokens.read().split())

    def get(self, case, context):
        return next(self.tokens)

    def set(self, case, data, context):
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}


if "STONECHAT_TEST_TOKENS" in os.environ:
    schemathesis.auth(refresh_interval=None)(Somebody)


# JSON Schema takes 5.0 for an integer (Validation, 6.1.1); this server, as most programs, does not.
def plain(value):
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return value


@schemathesis.hook
def map_body(context, body):
    return plain(body)
