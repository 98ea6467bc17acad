"""The words of H5P's core, by the names that it gives them."""

from django.utils.translation import pgettext

# Names of licences, which are the same in every language.
LICENCES = {
    "licenseCCBY": "CC BY",
    "licenseCCBYSA": "CC BY-SA",
    "licenseCCBYND": "CC BY-ND",
    "licenseCCBYNC": "CC BY-NC",
    "licenseCCBYNCSA": "CC BY-NC-SA",
    "licenseCCBYNCND": "CC BY-NC-ND",
    "licenseCC40": "4.0 International",
    "licenseCC30": "3.0 Unported",
    "licenseCC25": "2.5 Generic",
    "licenseCC20": "2.0 Generic",
    "licenseCC10": "1.0 Generic",
    "licenseGPL": "GNU GPL",
    "licenseV3": "3",
    "licenseV2": "2",
    "licenseV1": "1",
    "licenseCC010": "CC0 1.0",
}


def core_words() -> dict[str, str]:
    """All of them, in the language of now."""
    return {**LICENCES, **_buttons(), **_rights(), **_dialogs()}


def _buttons() -> dict[str, str]:
    return {
        "fullscreen": pgettext("H5P", "Full screen"),
        "disableFullscreen": pgettext("H5P", "Leave full screen"),
        "download": pgettext("H5P", "Download"),
        "copyrights": pgettext("H5P", "Rights of use"),
        "close": pgettext("H5P", "Close"),
        "showMore": pgettext("H5P", "Show more"),
        "showLess": pgettext("H5P", "Show less"),
        "cancelLabel": pgettext("H5P", "Cancel"),
        "confirmLabel": pgettext("H5P", "Confirm"),
        "copyrightsDescription": pgettext("H5P", "Who made this, and how it may be used"),
        "contentCopied": pgettext("H5P", "Copied"),
        **_unused(),
    }


def _rights() -> dict[str, str]:
    return {
        "copyrightInformation": pgettext("H5P", "Rights of use"),
        "title": pgettext("H5P", "Title"),
        "author": pgettext("H5P", "Author"),
        "year": pgettext("H5P", "Year"),
        "source": pgettext("H5P", "Source"),
        "license": pgettext("H5P", "Licence"),
        "thumbnail": pgettext("H5P", "Small picture"),
        "noCopyrights": pgettext("H5P", "Nothing is said about its rights."),
        "by": pgettext("H5P", "by"),
        "subLevel": pgettext("H5P", "Part"),
        "licenseU": pgettext("H5P", "Licence not stated"),
        "licensePD": pgettext("H5P", "Public domain"),
        "licensePDM": pgettext("H5P", "Public domain"),
        "licenseC": pgettext("H5P", "All rights reserved"),
        "contentType": pgettext("H5P", "Type"),
        "licenseExtras": pgettext("H5P", "More about the licence"),
        "changes": pgettext("H5P", "Changes"),
    }


def _dialogs() -> dict[str, str]:
    return {
        "contentChanged": pgettext("H5P", "This content was changed since you last opened it."),
        "startingOver": pgettext("H5P", "It begins anew."),
        "confirmDialogHeader": pgettext("H5P", "Please confirm"),
        "confirmDialogBody": pgettext("H5P", "Go on? This cannot be undone."),
        "connectionLost": pgettext("H5P", "No network. Your answers stay on this device and are sent later."),
        "connectionReestablished": pgettext("H5P", "The network is back."),
        "resubmitScores": pgettext("H5P", "Sending what was kept"),
        "offlineDialogHeader": pgettext("H5P", "No network"),
        "offlineDialogBody": pgettext("H5P", "Your answers stay on this device and are sent later."),
        "offlineDialogRetryMessage": pgettext("H5P", "Trying again in :num…"),
        "offlineDialogRetryButtonLabel": pgettext("H5P", "Try again"),
        "offlineSuccessfulSubmit": pgettext("H5P", "Sent"),
    }


def _unused() -> dict[str, str]:
    """Of buttons that we do not show; the core asks for their words all the same."""
    names = "embed size showAdvanced hideAdvanced advancedHelp reuse reuseContent reuseDescription "
    names += "downloadDescription embedDescription h5pDescription width height"
    return dict.fromkeys(names.split(), "")
