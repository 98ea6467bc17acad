"""Addresses of claims: the person's own, the desk's, and the files that prove them."""

from django.urls import path

from lms.training.claims.views import desk, mine, sheets

app_name = "claims"
urlpatterns = [
    path("me/claims/", mine.index, name="mine"),
    path("me/claims/new/", mine.new, name="new"),
    path("me/claims/<int:pk>/withdraw/", mine.take_back, name="withdraw"),
    path("claims/evidence/<int:pk>/", mine.evidence, name="evidence"),
    path("desk/claims/", desk.index, name="list"),
    path("desk/claims/new/", desk.new, name="file"),
    path("desk/claims/<int:pk>/", desk.detail, name="detail"),
    path("desk/claims/<int:pk>/approve/", desk.say_yes, name="approve"),
    path("desk/claims/<int:pk>/refuse/", desk.say_no, name="refuse"),
    path("desk/claims/sheets/", sheets.upload, name="sheets"),
    path("desk/claims/sheets/sheet.xlsx", sheets.sheet, name="sheet"),
    path("desk/claims/sheets/<int:pk>/", sheets.preview, name="preview"),
    path("desk/claims/sheets/<int:pk>/again/", sheets.again, name="again"),
    path("desk/claims/sheets/<int:pk>/write/", sheets.write, name="write"),
    path("desk/claims/sheets/<int:pk>/drop/", sheets.drop, name="drop"),
    path("desk/claims/sheets/<int:pk>/errors.xlsx", sheets.errors, name="errors"),
    path("desk/claims/batches/<int:pk>/", desk.together, name="together"),
    path("desk/claims/batches/<int:pk>/approve/", desk.approve_together, name="approve_together"),
    path("desk/claims/batches/<int:pk>/refuse/", desk.refuse_together, name="refuse_together"),
]
