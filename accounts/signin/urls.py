"""Addresses of the one door; the names are those that allauth looks for."""

from django.urls import path

from accounts.signin import views

urlpatterns = [
    path("login/", views.PasswordSignIn.as_view(), name="account_login"),
    path("login/code/", views.RequestCode.as_view(), name="account_request_login_code"),
    path("login/code/confirm/", views.ConfirmCode.as_view(), name="account_confirm_login_code"),
    path("logout/", views.SignOut.as_view(), name="account_logout"),
    path("closed/", views.Closed.as_view(), name="account_inactive"),
    path("password/reset/", views.ForgottenPassword.as_view(), name="account_reset_password"),
    path("password/new/", views.NewPassword.as_view(), name="account_new_password"),
    path("password/set/", views.SetPassword.as_view(), name="account_set_password"),
    path("password/change/", views.ChangePassword.as_view(), name="account_change_password"),
]
