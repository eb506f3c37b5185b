"""What schemathesis does not know by itself: archives are bytes, made up like any others."""

import schemathesis


@schemathesis.serializer("application/x-tar")
def archive(context, value):
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.deserializer("application/x-tar")
def sent(context, response):
    return response.content.decode("latin-1")
