"""Forms as every page draws them: GOV.UK fields, an error summary, messages that say what to do.

Take `Form` (or `ModelForm`) and the fields from here. The renderer draws any other Django form, such
as those of the sign-in package, with the same markup.
"""

from .fields import (
    CheckboxesField,
    CodeField,
    ConfirmField,
    DateField,
    EmailField,
    FileField,
    HiddenField,
    LongTextField,
    PasswordField,
    RadiosField,
    SearchField,
    SelectField,
    TextField,
    WholeNumberField,
    YesNoField,
)
from .form import Form, FormWords, ModelForm
from .renderer import Renderer

__all__ = [
    "CheckboxesField",
    "CodeField",
    "ConfirmField",
    "DateField",
    "EmailField",
    "FileField",
    "Form",
    "FormWords",
    "HiddenField",
    "LongTextField",
    "ModelForm",
    "PasswordField",
    "RadiosField",
    "Renderer",
    "SearchField",
    "SelectField",
    "TextField",
    "WholeNumberField",
    "YesNoField",
]
