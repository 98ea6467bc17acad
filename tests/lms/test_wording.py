"""What our forms say in the framework's words, the Chinese catalogue says in ours."""

from contextlib import suppress

import pytest
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override

from accounts.forms import EndPostForm, NewPersonForm
from accounts.roster.forms import UploadForm
from accounts.signin.forms import ConfirmCodeForm
from lms.certificates.forms import ReasonForm, SearchForm
from lms.desk.forms import ExportForm
from lms.feedback.forms import ReplyForm, SuggestionForm
from lms.hours.forms import CorrectionForm, RuleForm
from lms.management.commands import translations
from lms.obligations.forms import EndForm, ExemptionForm, RequirementForm
from lms.training.classes.forms import ClassForm
from lms.training.plans.forms import DecisionForm, FocusForm, ItemForm

FORMS = [
    ClassForm,
    ConfirmCodeForm,
    CorrectionForm,
    DecisionForm,
    EndForm,
    EndPostForm,
    ExemptionForm,
    ExportForm,
    FocusForm,
    ItemForm,
    NewPersonForm,
    ReasonForm,
    ReplyForm,
    RequirementForm,
    RuleForm,
    SearchForm,
    SuggestionForm,
    UploadForm,
]
# What nothing of ours can say: no form clears a file, none limits its name.
UNSAID = {"contradiction", "max_length", "invalid_pk_value"}


@pytest.fixture(scope="module")
def ours() -> set[str]:
    """Every text that the catalogue has to know, in both numbers."""
    found: set[str] = set()
    for _place, text, _context in translations.texts():
        found.update([text] if isinstance(text, str) else text)
    return found


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_every_word_of_a_form_is_in_the_catalogue(form: type[forms.BaseForm], ours: set[str]) -> None:
    for name, field in form.base_fields.items():
        with override("en"):
            texts = {str(text) for code, text in field.error_messages.items() if code not in UNSAID}
        assert texts <= ours, name


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (forms.IntegerField(min_value=1900), 1),
        (forms.IntegerField(max_value=2100), 3000),
        (forms.CharField(max_length=3), "four"),
        (forms.CharField(), "\0"),
        (forms.DecimalField(max_digits=3, decimal_places=2), "1.234"),
        (forms.DecimalField(max_digits=3, decimal_places=2), "12.34"),
        (forms.DecimalField(max_digits=3, decimal_places=2), "1234"),
        (forms.DecimalField(max_digits=3, decimal_places=2), "NaN"),
        (forms.FileField(), SimpleUploadedFile("x.csv", b"")),
        (forms.FileField(), "no file"),
        (forms.ChoiceField(choices=[("a", "a")]), "b"),
    ],
)
def test_every_refusal_of_a_value_is_in_the_catalogue(
    field: forms.Field, value: object, ours: set[str]
) -> None:
    with pytest.raises(ValidationError) as refused, override("en"):
        field.clean(value)
    for error in refused.value.error_list:
        with override("en"):
            assert error.messages[0] in filled(ours, error.params)


@pytest.mark.parametrize("word", ["short", "password"])
def test_every_refusal_of_a_password_is_in_the_catalogue(word: str, ours: set[str]) -> None:
    with override("en"):
        with pytest.raises(ValidationError) as refused:
            validate_password(word)
        assert set(refused.value.messages) <= filled(ours, 8)
        assert set(password_validators_help_texts()) <= filled(ours, {"min_length": 8})


def filled(texts: set[str], figures: object) -> set[str]:
    """The texts, and those that take these figures with the figures in them."""
    found = set(texts)
    for text in texts if figures else ():
        with suppress(KeyError, TypeError, ValueError):
            found.add(text % figures)
    return found
