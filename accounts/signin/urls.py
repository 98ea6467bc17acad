"""Addresses of the one door; the names are those that allauth looks for."""

from django.urls import path

from accounts.signin import second_views, views, where

urlpatterns = [
    path("login/", views.PasswordSignIn.as_view(), name="account_login"),
    path("login/code/", views.RequestCode.as_view(), name="account_request_login_code"),
    path("login/code/confirm/", views.ConfirmCode.as_view(), name="account_confirm_login_code"),
    path("login/township/", views.TownshipCode.as_view(), name="account_township_code"),
    path("login/second/", second_views.GiveSecondFactor.as_view(), name="mfa_authenticate"),
    path("logout/", views.SignOut.as_view(), name="account_logout"),
    path("closed/", views.Closed.as_view(), name="account_inactive"),
    path("second/", second_views.second_factor, name="account_second_factor"),
    path("sessions/", where.sessions, name="account_sessions"),
    path("sessions/end/", where.end, name="account_end_sessions"),
    path("password/reset/", views.ForgottenPassword.as_view(), name="account_reset_password"),
    path("password/new/", views.NewPassword.as_view(), name="account_new_password"),
    path("password/set/", views.SetPassword.as_view(), name="account_set_password"),
    path("password/change/", views.ChangePassword.as_view(), name="account_change_password"),
]
