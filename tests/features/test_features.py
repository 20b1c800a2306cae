"""Every feature, on both databases."""

from pytest_bdd import scenarios

scenarios(".")
