"""Certificates and their public check."""

from tests.pages.rows import (
    FOREIGN,
    READERS,
    RULERS,
    data,
    desk,
    learner,
    outside,
    owner,
    public,
    signed_in,
    staff,
)
from tests.world import Who

CERTIFICATES = [
    learner("certificates:mine", signed_in()),
    outside("certificates:search", public()),
    outside("certificates:verify", public(), arguments=lambda things: (things.certificate.token,)),
    staff("certificates:contradicted", desk()),
    staff(
        "certificates:replace",
        desk(RULERS, outside=FOREIGN),
        Who.COUNTY,
        arguments=lambda things: (things.certificate.serial,),
    ),
    staff(
        "certificates:revoke",
        desk(RULERS, outside=FOREIGN),
        Who.COUNTY,
        arguments=lambda things: (things.certificate.serial,),
    ),
    data(
        "certificates:pdf",
        owner(*(READERS - FOREIGN)),
        arguments=lambda things: (things.certificate.serial,),
    ),
]
