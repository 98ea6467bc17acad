"""What everybody may see, and what a learner studies."""

from tests.pages.rows import (
    ANSWERED,
    FORBIDDEN,
    FORGED,
    action,
    data,
    learner,
    outside,
    owner,
    public,
    signed_in,
)

LEARNER = [
    outside("front", public(), content=lambda things: "/"),
    learner("home", public()),
    learner("me", signed_in()),
    learner("record", signed_in()),
    learner("catalogue", public(), content=lambda things: things.course.get_parent().url),
    learner("course", public(), content=lambda things: things.course.url),
    learner("lesson", signed_in(), content=lambda things: things.lesson.url),
    learner("feedback:new", public()),
    outside("phone", public()),
    data("service_worker", public()),
    outside("privacy", public()),
    action("elder", public(ANSWERED)),
    action("set_language", public(ANSWERED)),
    data("study:state", signed_in(), arguments=lambda things: (things.lesson.pk,)),
    data("study:course", public(), arguments=lambda things: (things.course.pk,)),
    learner("study:quiz", signed_in(), arguments=lambda things: (things.quiz.pk,)),
    action("study:quiz_begin", signed_in(ANSWERED), arguments=lambda things: (things.quiz.pk,)),
    data("study:interactive", signed_in(), arguments=lambda things: (things.interactive.pk,)),
    learner("study:package_attempts", signed_in(), arguments=lambda things: (things.interactive.pk,)),
    learner("study:attempt", owner(), arguments=lambda things: (things.attempt.pk,)),
    action("uploads", public(ANSWERED)),
    data(
        "films:play",
        signed_in(),
        arguments=lambda things: (things.lesson.film.pk, things.lesson.film.digest),
    ),
    data("films:sources", signed_in(), arguments=lambda things: (things.lesson.film.pk,)),
    # The signature opens, not the person (tests/courses/films/test_signed.py); a forged one opens to nobody.
    data("films:master", public(FORBIDDEN), arguments=lambda things: (FORGED, things.lesson.film.pk)),
    data(
        "films:original",
        public(FORBIDDEN),
        arguments=lambda things: (FORGED, things.lesson.film.pk, things.lesson.film.digest, "mp4"),
    ),
    data(
        "films:piece",
        public(FORBIDDEN),
        arguments=lambda things: (FORGED, things.lesson.film.pk, "hls240", 1, "index.m3u8"),
    ),
    data(
        "films:caption",
        public(FORBIDDEN),
        arguments=lambda things: (FORGED, things.lesson.film.pk, "zh-Hans", "0" * 64),
    ),
    learner("lesson-document", signed_in(), content=lambda things: things.reading.url),
    data(
        "documents:file",
        signed_in(),
        arguments=lambda things: (things.reading.document.pk, things.reading.document.digest),
    ),
    data(
        "documents:picture",
        signed_in(),
        arguments=lambda things: (things.reading.document.pk, things.reading.document.digest, 1),
    ),
]
