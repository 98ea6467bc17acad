"""Addresses of moves and offers, inside those of people."""

from django.urls import path

from accounts.transfers import views

urlpatterns = [
    path("<int:pk>/transfer/", views.transfer, name="transfer"),
    path("transfers/", views.offers, name="transfers"),
    path("transfers/<int:pk>/", views.offer, name="offer"),
    path("transfers/<int:pk>/decline/", views.decline, name="decline_offer"),
    path("transfers/<int:pk>/withdraw/", views.withdraw, name="withdraw_offer"),
]
