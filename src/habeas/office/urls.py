"""Every address of the office."""

from allauth.account import views
from django.urls import include, path
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="wagtailadmin_home")),
    # Of allauth only what staff need: accounts have no e-mail address, so nothing is mailed to reset them.
    path("account/login/", views.login, name="account_login"),
    path("account/logout/", views.logout, name="account_logout"),
    path("account/signup/", views.signup, name="account_signup"),  # closed; other views look it up
    path("account/inactive/", views.account_inactive, name="account_inactive"),
    path("account/password/change/", views.password_change, name="account_change_password"),
    path("account/reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
]
