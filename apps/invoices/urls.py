"""The one address that people without an account open: the answer to a question."""

from django.urls import path

from apps.invoices import answer_page

app_name = "questions"
urlpatterns = [path("<str:secret>/", answer_page.answer, name="answer")]
